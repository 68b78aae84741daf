package io.gatefleet.allocator.lease;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.BitSet;
import java.util.List;

/**
 * What an operator decided about one host, and the numbers that replies quote.
 *
 * @param pool the ports that can be lent, not empty
 * @param allowEphemeral whether ports of the kernel's ephemeral range may be lent
 * @param reservations ports that are kept out of the pool
 * @param mostRejects offers that an incarnation may reject in a row, 1 to 100
 * @param termMillis a lease lapses when it is not renewed for that long
 * @param offeredMillis an offer lapses when it is not confirmed for that long
 * @param recoveryMillis how long grants wait for nodes that the ledger does not know
 */
public record LeaseRules(
        PortSet pool,
        boolean allowEphemeral,
        List<ReservationView> reservations,
        int mostRejects,
        long termMillis,
        long offeredMillis,
        long recoveryMillis) {
    /**
     * The highest base of a footprint with room for 100 CDP ports. One above, OpenClaw 2026.9.6 derives its CDP ports
     * from 18800 instead, silently: into the range of the gateway that stands on the default port.
     */
    public static final int HIGHEST_WIDE_BASE = 65_425;

    /** From this span on a footprint is taken to hold the whole CDP range. */
    private static final int WIDE_SPAN = 100;

    public LeaseRules {
        if (pool.isEmpty()) {
            throw new BadInput("pool", "", "at least one port, for example 18789-32767");
        }
        if (mostRejects < 1 || mostRejects > 100) {
            throw new BadInput("mostRejects", mostRejects, "1 to 100");
        }
        reservations = List.copyOf(reservations);
    }

    /** The highest base that the footprint may have, whatever the pool. */
    public int highestBase(Footprint footprint) {
        int highest = PortRange.HIGHEST_PORT - footprint.span() + 1;
        return footprint.span() >= WIDE_SPAN ? Math.min(highest, HIGHEST_WIDE_BASE) : highest;
    }

    /** All ports that are kept out. */
    public PortSet reserved() {
        PortSet reserved = PortSet.EMPTY;
        for (ReservationView reservation : reservations) {
            reserved = reserved.plus(reservation.ports());
        }
        return reserved;
    }

    /** The ports that an operator named alone: whatever listens there is known, and no gateway. */
    public PortSet reservedAlone() {
        BitSet alone = new BitSet();
        reservations.stream()
                .flatMap(reservation -> reservation.ports().ranges().stream())
                .filter(range -> range.width() == 1)
                .forEach(range -> alone.set(range.first()));
        return PortSet.of(alone);
    }
}
