package io.gatefleet.bench.load;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which ports are lent at this moment, as their holders know it. A range counts as lent from the answer that brings it to
 * the word that gives it back, so whatever is found lent twice was lent twice.
 */
public final class Overlaps {
    private final Map<String, BitSet> lent = new ConcurrentHashMap<>();
    private final AtomicLong grants = new AtomicLong();
    private final AtomicLong overlaps = new AtomicLong();

    /** An answer brought this. */
    void granted(Grant grant) {
        grants.incrementAndGet();
        BitSet ports = lent.computeIfAbsent(grant.seat().host(), host -> new BitSet());
        int end = grant.base() + Seat.WIDTH;
        synchronized (ports) {
            int taken = ports.nextSetBit(grant.base());
            if (taken >= 0 && taken < end) {
                overlaps.incrementAndGet();
            }
            ports.set(grant.base(), end);
        }
    }

    /** The next word gives this back. */
    void released(Grant grant) {
        BitSet ports = lent.get(grant.seat().host());
        if (ports == null) {
            throw new IllegalStateException("released and never granted: " + grant);
        }
        synchronized (ports) {
            ports.clear(grant.base(), grant.base() + Seat.WIDTH);
        }
    }

    /** All ranges that were lent. */
    public long grants() {
        return grants.get();
    }

    /** Ranges that were lent while a port of theirs was lent already. */
    public long found() {
        return overlaps.get();
    }
}
