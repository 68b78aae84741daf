package io.gatefleet.contract.instance;

/**
 * A node's goodbye on the bus: what {@code DELETE /v1/instances/{host}/{instance}} says.
 *
 * @param incarnation the life that ends; another one is not touched
 * @param portsClosed whether the node proved that no socket is left on any port of the lease
 */
public record DeregisterCall(InstanceKey instance, Incarnation incarnation, boolean portsClosed) {}
