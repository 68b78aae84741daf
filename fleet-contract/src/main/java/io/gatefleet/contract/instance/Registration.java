package io.gatefleet.contract.instance;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortSet;

/**
 * The answer to a registration.
 *
 * @param instance who was registered
 * @param lease what was lent: offered, or confirmed already if a held claim was asserted
 * @param pace how the node shall go on
 * @param known ports that an operator reserved singly: what listens there is known, and no neighbour to keep away from
 */
public record Registration(InstanceKey instance, Lease lease, Pace pace, PortSet known) {
    /**
     * How often to speak, set by the server because it grows with the fleet.
     *
     * @param beatMillis between two heartbeats
     * @param termMillis the lease lapses when nothing was heard for that long
     */
    public record Pace(long beatMillis, long termMillis) {}
}
