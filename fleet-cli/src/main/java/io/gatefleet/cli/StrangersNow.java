package io.gatefleet.cli;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.BitSet;
import java.util.List;

/**
 * A host's ports with the strangers that its kernel shows now. A node tells of strangers when it registers, which may be
 * days ago; whoever stands on the host can look.
 */
final class StrangersNow {
    private StrangersNow() {}

    /** @param listeners of the same port space as {@code told}; guarded ones are a node's and no strangers */
    static PortMapView in(PortMapView told, List<Listener> listeners) {
        List<Listener> strangers =
                listeners.stream().filter(listener -> !listener.guarded()).toList();
        PortSet alone = alone(told.reservations());
        // What is foreign without a listener is a guard that the ledger does not know: nodes do tell of those.
        PortSet guarded = told.foreign().minus(reach(told.listeners(), alone));
        PortSet foreign = guarded.plus(reach(strangers, alone).and(told.pool()));
        PortSet taken = told.kernel().plus(foreign);
        for (Lease lease : told.leases()) {
            taken = taken.plus(lease.ports());
        }
        for (RestView rest : told.rests()) {
            taken = taken.plus(rest.ports());
        }
        for (ReservationView reservation : told.reservations()) {
            taken = taken.plus(reservation.ports());
        }
        return new PortMapView(
                told.host(),
                told.pool(),
                told.leases(),
                told.rests(),
                told.reservations(),
                told.kernel(),
                foreign,
                strangers,
                told.pool().minus(taken));
    }

    private static PortSet reach(List<Listener> listeners, PortSet alone) {
        BitSet ports = new BitSet();
        for (Listener listener : listeners) {
            int last = alone.contains(listener.port())
                    ? listener.port()
                    : listener.reach().last();
            ports.set(listener.port(), last + 1);
        }
        return PortSet.of(ports);
    }

    /** Ports that an operator reserved one by one: whoever listens there is known, and no gateway. */
    private static PortSet alone(List<ReservationView> reservations) {
        BitSet ports = new BitSet();
        reservations.stream()
                .flatMap(reservation -> reservation.ports().ranges().stream())
                .filter(range -> range.width() == 1)
                .mapToInt(PortRange::first)
                .forEach(ports::set);
        return PortSet.of(ports);
    }
}
