package io.gatefleet.contract.instance;

/** An instance that said goodbye. */
public record Departure(InstanceKey instance, Incarnation incarnation, boolean portsClosed) implements Announcement {}
