package io.gatefleet.allocator.lease;

import io.gatefleet.contract.port.PortSet;

/**
 * Guards stand on the host that the ledger does not know: their nodes speak first, everybody else waits.
 *
 * @param id unique on the host
 * @param guards where they stand, inside the pool; not empty
 */
public record Recovery(long id, PortSet guards) {}
