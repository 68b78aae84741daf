package io.gatefleet.contract.instance;

import io.gatefleet.contract.lease.Lease;

/**
 * The answer to a registration.
 *
 * @param instance who was registered
 * @param lease what was lent: offered, or confirmed already if a held claim was asserted
 * @param pace how the node shall go on
 */
public record Registration(InstanceKey instance, Lease lease, Pace pace) {
    /**
     * How often to speak, set by the server because it grows with the fleet.
     *
     * @param beatMillis between two heartbeats
     * @param termMillis the lease lapses when nothing was heard for that long
     */
    public record Pace(long beatMillis, long termMillis) {}
}
