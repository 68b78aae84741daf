package io.gatefleet.health.verdict;

import org.jspecify.annotations.Nullable;

/** Believes a change after a few checks in a row; the first check of all at once. */
final class Hysteresis {
    private final int badToFall;
    private final int goodToRise;
    private @Nullable Boolean believed;
    private int against;

    Hysteresis(int badToFall, int goodToRise) {
        this.badToFall = badToFall;
        this.goodToRise = goodToRise;
    }

    /** Takes a check and says what is believed now. */
    boolean check(boolean good) {
        if (believed == null || believed == good) {
            believed = good;
            against = 0;
        } else if (++against >= (good ? goodToRise : badToFall)) {
            believed = good;
            against = 0;
        }
        return believed;
    }

    /** Takes what somebody else already found often enough in a row. */
    void settle(boolean good) {
        believed = good;
        against = 0;
    }

    /** What is believed; {@code fallback} before the first check. */
    boolean believed(boolean fallback) {
        return believed == null ? fallback : believed;
    }

    /** Another life begins. */
    void reset() {
        believed = null;
        against = 0;
    }
}
