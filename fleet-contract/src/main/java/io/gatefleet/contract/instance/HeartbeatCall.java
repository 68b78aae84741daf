package io.gatefleet.contract.instance;

/** A node's word to stay on the bus: what {@code POST …/heartbeats} says with its path and body. */
public record HeartbeatCall(InstanceKey instance, Heartbeat heartbeat) {}
