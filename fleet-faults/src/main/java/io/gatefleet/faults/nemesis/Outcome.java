package io.gatefleet.faults.nemesis;

/**
 * What a fault did.
 *
 * @param lastedMillis from its beginning until it was healed
 * @param settledMillis from then until the whole fleet stood again; negative: it never did
 * @param beganNanos by the machine's monotonic clock
 * @param healedNanos by the same
 * @param open what was missing last where it did not settle; empty where it did
 */
record Outcome(Fault fault, long lastedMillis, long settledMillis, long beganNanos, long healedNanos, String open) {
    boolean settled() {
        return settledMillis >= 0;
    }
}
