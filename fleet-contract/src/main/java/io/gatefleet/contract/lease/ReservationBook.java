package io.gatefleet.contract.lease;

import io.gatefleet.contract.host.HostId;
import java.util.List;

/**
 * Every reservation of every host, as an allocator keeps it in its file and tells it to the others.
 *
 * @param revision grows with every change; the larger one is the newer one
 */
public record ReservationBook(long revision, List<Entry> reservations) {
    public static final ReservationBook EMPTY = new ReservationBook(0, List.of());

    public ReservationBook {
        reservations = List.copyOf(reservations);
    }

    /** One reservation of one host. */
    public record Entry(HostId host, ReservationView reservation) {}
}
