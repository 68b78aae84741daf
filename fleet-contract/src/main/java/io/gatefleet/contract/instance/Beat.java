package io.gatefleet.contract.instance;

/** A heartbeat on its way through the control plane: who, and what it said. Handed on to the health-aggregators. */
public record Beat(InstanceKey instance, Flavor flavor, Heartbeat heartbeat) {}
