package io.gatefleet.doctor.finding;

import java.util.Locale;

/** How urgent a finding is. */
public enum Severity {
    /** Data leaks, or a gateway cannot run: now, or as soon as somebody does something ordinary. */
    CRITICAL,
    /** It will hurt some day. */
    WARNING,
    /** Good to know. */
    INFO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
