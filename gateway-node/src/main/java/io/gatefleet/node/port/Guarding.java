package io.gatefleet.node.port;

import io.gatefleet.contract.lease.BusyPort;
import java.util.List;

/** What came of taking a guard. */
public sealed interface Guarding {
    /** Every port is guarded until the guard is closed or the process dies. */
    record Held(PortGuard guard) implements Guarding {}

    /**
     * Somebody else holds a part of it, and nothing was kept.
     *
     * @param ports who holds what, lowest port first; at least one
     */
    record Busy(List<BusyPort> ports) implements Guarding {
        public Busy {
            ports = List.copyOf(ports);
        }
    }

    /**
     * This process could not find out: its own trouble (out of descriptors, no loopback), which says nothing about any
     * port. Nothing was kept.
     *
     * @param why one sentence for a person
     */
    record Unavailable(String why) implements Guarding {}
}
