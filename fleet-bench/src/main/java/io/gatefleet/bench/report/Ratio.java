package io.gatefleet.bench.report;

import java.util.Locale;

/**
 * How much better Gatefleet is than another at the same.
 *
 * @param what is compared with what
 * @param times above 1 where Gatefleet is better
 */
public record Ratio(String what, double times) {
    /** The line that scripts look for. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "ratio %s: %.2fx", what, times);
    }
}
