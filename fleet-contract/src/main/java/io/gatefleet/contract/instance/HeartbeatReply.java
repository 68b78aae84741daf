package io.gatefleet.contract.instance;

import io.gatefleet.contract.lease.Lease;

/**
 * The answer to a heartbeat that was taken.
 *
 * @param lease as the ledger has it now
 * @param pace how to go on
 */
public record HeartbeatReply(Lease lease, Registration.Pace pace) {}
