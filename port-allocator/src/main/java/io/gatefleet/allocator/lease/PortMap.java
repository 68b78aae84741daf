package io.gatefleet.allocator.lease;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The free ports of one host, built anew for one decision: it cannot drift from the leases and needs no repair. Not
 * immutable, and never kept.
 */
final class PortMap {
    private final PortSet pool;
    private final BitSet taken;

    /** A map in which the whole pool is free, and nothing else. */
    PortMap(PortSet pool) {
        this(pool, new BitSet(PortRange.HIGHEST_PORT + 1));
        taken.set(0, PortRange.HIGHEST_PORT + 1);
        taken.andNot(pool.bits());
    }

    private PortMap(PortSet pool, BitSet taken) {
        this.pool = pool;
        this.taken = taken;
    }

    PortMap take(PortSet ports) {
        taken.or(ports.bits());
        return this;
    }

    PortMap take(Lease lease) {
        mark(taken, lease);
        return this;
    }

    /** Sets the bits of the lease's ports. */
    static void mark(BitSet ports, Lease lease) {
        mark(ports, lease.footprint(), lease.base());
    }

    private static void mark(BitSet ports, Footprint footprint, int base) {
        if (footprint.isContiguous()) {
            ports.set(base, base + footprint.span());
        } else {
            footprint.offsets().stream().forEach(offset -> ports.set(base + offset));
        }
    }

    static boolean overlap(Lease lease, PortSet ports) {
        // The bounds first: they rule out nearly all leases of a full host, and cost nothing.
        int last = lease.base() + lease.footprint().span() - 1;
        return lease.base() <= ports.highest()
                && last >= ports.lowest()
                && lease.ports().overlaps(ports);
    }

    boolean fits(Footprint footprint, int base, int highestBase) {
        return base >= 1 && base <= highestBase && new Search(footprint).blockedUntil(base) == base;
    }

    /** The lowest base from which every port of the footprint is free. */
    OptionalInt lowest(Footprint footprint, int highestBase) {
        return new Search(footprint).from(pool.lowest(), highestBase);
    }

    /** How many times the footprint finds a place, each as low as it can. */
    int count(Footprint footprint, int highestBase) {
        PortMap trial = new PortMap(pool, (BitSet) taken.clone());
        Search search = trial.new Search(footprint);
        int count = 0;
        OptionalInt base = search.from(pool.lowest(), highestBase);
        while (base.isPresent()) {
            count++;
            mark(trial.taken, footprint, base.getAsInt());
            base = search.from(base.getAsInt() + 1, highestBase);
        }
        return count;
    }

    PortSet free() {
        BitSet free = pool.bits();
        free.andNot(taken);
        return PortSet.of(free);
    }

    /** The most free ports in a row. */
    static int widestGap(PortSet free) {
        return free.ranges().stream().mapToInt(PortRange::width).max().orElse(0);
    }

    /**
     * First fit that skips: a taken port rules out every base from which a run of the footprint would cover it, so the
     * search jumps past the last taken port of a run instead of trying base after base.
     */
    private final class Search {
        private final int[] runFirst;
        private final int[] runLast;

        Search(Footprint footprint) {
            BitSet offsets = footprint.offsets();
            int[] first = new int[offsets.cardinality()];
            int[] last = new int[first.length];
            int runs = 0;
            for (int offset = 0; offset >= 0; offset = offsets.nextSetBit(last[runs++] + 1)) {
                first[runs] = offset;
                last[runs] = offsets.nextClearBit(offset) - 1;
            }
            runFirst = Arrays.copyOf(first, runs);
            runLast = Arrays.copyOf(last, runs);
        }

        OptionalInt from(int lowestBase, int highestBase) {
            int base = taken.nextClearBit(lowestBase);
            while (base <= highestBase) {
                int next = blockedUntil(base);
                if (next == base) {
                    return OptionalInt.of(base);
                }
                base = taken.nextClearBit(next);
            }
            return OptionalInt.empty();
        }

        /** The next base worth a try; {@code base} itself when nothing blocks it. */
        int blockedUntil(int base) {
            for (int run = runFirst.length - 1; run >= 0; run--) {
                int blocker = taken.previousSetBit(base + runLast[run]);
                if (blocker >= base + runFirst[run]) {
                    return blocker - runFirst[run] + 1;
                }
            }
            return base;
        }
    }
}
