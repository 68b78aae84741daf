package io.gatefleet.node.port;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds gateways next door that Gatefleet does not run. A gateway's browser ports open hours after its start, so that no
 * probe can see them coming; but its own port is open from the start, and they lie within 110 above it. Pure.
 */
public final class NeighbourCheck {
    /** From a gateway's own port to its last CDP port, in every known family. */
    static final int REACH = 110;

    private NeighbourCheck() {}

    /** As {@link #foreign(PortSet, HostFacts, PortSet)}, where no operator vouched for anything. */
    public static List<BusyPort> foreign(PortSet lease, HostFacts facts) {
        return foreign(lease, facts, PortSet.EMPTY);
    }

    /**
     * The lease's ports that somebody else's gateway may come to open, lowest first. Call it with the lease's guard held
     * and facts read after that, from which the node's own processes are left out.
     *
     * @param plain ports whose listeners an operator declared to be no gateways, by reserving them singly
     */
    public static List<BusyPort> foreign(PortSet lease, HostFacts facts, PortSet plain) {
        Map<Integer, Listener> nearest = new HashMap<>();
        for (Listener listener : facts.listeners()) {
            if (!mayBeGateway(listener, lease) || plain.contains(listener.port())) {
                continue;
            }
            for (int port = listener.port(); port <= listener.port() + REACH; port++) {
                if (lease.contains(port)) {
                    nearest.merge(port, listener, (one, other) -> one.port() >= other.port() ? one : other);
                }
            }
        }
        List<BusyPort> foreign = new ArrayList<>();
        lease.stream().forEach(port -> {
            Listener listener = nearest.get(port);
            if (listener != null) {
                foreign.add(new BusyPort(port, BusyPort.Protocol.NEIGHBOUR, listener.pid(), listener.command()));
            }
        });
        return foreign;
    }

    private static boolean mayBeGateway(Listener listener, PortSet lease) {
        if (listener.reading() == Listener.Reading.PLAIN) {
            return false;
        }
        // A guard means that a node answers for the port. Inside the lease the guard is the
        // caller's own, and the caller knows nothing of this listener.
        return !listener.guarded() || lease.contains(listener.port());
    }
}
