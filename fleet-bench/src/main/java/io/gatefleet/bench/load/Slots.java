package io.gatefleet.bench.load;

import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How clients find a free range themselves where the service knows keys and no ranges: a pool is cut into slots side by
 * side, each a key that one client can create. The first try is the slot that the instance's name says, which is mostly
 * free and costs no look; only who is not lucky looks, and takes one of the free ones by chance, so that two who look at
 * the same time seldom meet again.
 */
public final class Slots {
    private static final int SPREAD = 0x9E3779B1;

    private Slots() {}

    /** Where an instance tries first. */
    public static int first(Seat seat) {
        return Math.floorMod((seat.instance().hashCode() * SPREAD) >>> 7, Seat.FITS);
    }

    /**
     * Where it tries next.
     *
     * @param taken the slots that were seen taken
     * @throws IllegalStateException if all are: in the benchmark every seat has room
     */
    public static int next(BitSet taken) {
        int free = Seat.FITS - taken.cardinality();
        if (free <= 0) {
            throw new IllegalStateException("no slot is free");
        }
        int slot = taken.nextClearBit(0);
        for (int skip = ThreadLocalRandom.current().nextInt(free); skip > 0; skip--) {
            slot = taken.nextClearBit(slot + 1);
        }
        return slot;
    }
}
