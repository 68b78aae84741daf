package io.gatefleet.registry.instance;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Registration.Pace;
import java.time.Duration;

/**
 * How often nodes shall speak: as often as useful in a small fleet, and no more than the control plane wants to hear in
 * a large one. From 100 nodes on the pace grows with their number to the usual one, and beyond that only where the bound of
 * the whole fleet asks for it. All bend to the lease's term, which must see a few heartbeats.
 *
 * @param shortest the pace of a small fleet, 10 ms to 1 min
 * @param perSecond most heartbeats of the whole fleet, 1 to 100,000
 */
public record Pacing(Duration shortest, int perSecond) {
    /** A lease must survive two heartbeats that are lost. */
    private static final int BEATS_IN_A_TERM = 3;

    private static final int SMALL_FLEET = 100;
    private static final long USUAL_MILLIS = 5000;

    /** From so many heartbeats a second on, what a question to a ledger costs by itself is worth sharing. */
    private static final int BUSY_PER_SECOND = 500;

    private static final int SPARE_PART = 10;

    /** With what the ledger may take, it stays within what a node waits for an answer. */
    private static final long MOST_SPARE_MILLIS = 500;

    public Pacing {
        if (shortest.toMillis() < 10 || shortest.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new BadInput("beat", shortest, "10 ms to 1 min");
        }
        if (perSecond < 1 || perSecond > 100_000) {
            throw new BadInput("heartbeatsPerSecond", perSecond, "1 to 100000");
        }
    }

    /**
     * @param nodes how many are present
     * @param termMillis of the lease
     */
    public Pace of(int nodes, long termMillis) {
        long grown = Math.min(USUAL_MILLIS, shortest.toMillis() * nodes / SMALL_FLEET);
        long shared = Math.max(grown, nodes * 1000L / perSecond);
        long longest = Math.max(1, termMillis / BEATS_IN_A_TERM);
        return new Pace(Math.min(longest, Math.max(shortest.toMillis(), shared)), termMillis);
    }

    /**
     * How long a calm node's renewal may wait for others, in milliseconds: a tenth of its pace in a fleet that speaks
     * often, 500 at most, and 0 in every other one.
     *
     * @param nodes how many are present
     */
    public static long spareMillis(int nodes, Pace pace) {
        return nodes * 1000L / pace.beatMillis() < BUSY_PER_SECOND
                ? 0
                : Math.min(MOST_SPARE_MILLIS, pace.beatMillis() / SPARE_PART);
    }
}
