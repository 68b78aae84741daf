package io.gatefleet.contract.instance;

/** A node's word to join on the bus: what {@code PUT /v1/instances/{host}/{instance}} says with its path and body. */
public record RegisterCall(InstanceKey instance, RegisterInstance body) {}
