package io.gatefleet.node.lease;

import io.gatefleet.contract.BadInput;
import org.jspecify.annotations.Nullable;

/**
 * How patient a node is; all in milliseconds.
 *
 * @param first pause after the first failure; doubles with each further one
 * @param longest it never grows above this
 * @param slow pause after an answer that only a person can change, for example a full pool
 * @param guard pause between two tries to take a guard that somebody else holds or that the node cannot take
 * @param beat heartbeat pace instead of the registry's; null: as the registry says
 */
public record RetryTimes(
        long first,
        long longest,
        long slow,
        long guard,
        @Nullable Long beat) {
    /** The registry's pace is believed between these two: one that lies must neither flood nor silence a node. */
    static final long FASTEST_BEAT = 100;

    static final long SLOWEST_BEAT = 60_000;

    public RetryTimes {
        if (first < 1 || longest < first || slow < 1 || guard < 1 || (beat != null && beat < 1)) {
            throw new BadInput(
                    "retryTimes", first + "/" + longest + "/" + slow + "/" + guard + "/" + beat, "1 ms or more each");
        }
    }

    /** 250 ms to 5 s, 15 s where a person is needed, 2 s for the guard. */
    public static RetryTimes defaults(@Nullable Long beat) {
        return new RetryTimes(250, 5_000, 15_000, 2_000, beat);
    }

    long paceOf(long beatMillis) {
        return beat != null ? beat : Math.max(FASTEST_BEAT, Math.min(SLOWEST_BEAT, beatMillis));
    }
}
