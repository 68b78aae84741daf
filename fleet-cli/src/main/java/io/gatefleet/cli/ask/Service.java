package io.gatefleet.cli.ask;

import java.util.Locale;

/** A service that can be asked. */
public enum Service {
    REGISTRY,
    ALLOCATOR,
    HEALTH;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
