package io.gatefleet.bench.load;

import java.util.Locale;

/** What is measured apart. */
public enum Step {
    ACQUIRE,
    RENEW,
    RELEASE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
