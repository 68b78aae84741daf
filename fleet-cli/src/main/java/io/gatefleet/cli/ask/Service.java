package io.gatefleet.cli.ask;

import java.util.Locale;

/** A service that can be asked. */
public enum Service {
    REGISTRY("registry-service"),
    ALLOCATOR("port-allocator"),
    HEALTH("health-aggregator");

    private final String title;

    Service(String title) {
        this.title = title;
    }

    /** As a person knows it. */
    String title() {
        return title;
    }

    /** As an option knows it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
