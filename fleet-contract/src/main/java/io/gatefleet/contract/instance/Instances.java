package io.gatefleet.contract.instance;

import io.gatefleet.contract.bus.Broadcast;

/** What the registry tells everybody about instances. */
public final class Instances {
    /** Every registration and every heartbeat that was taken. */
    public static final Broadcast<Beat> BEAT = new Broadcast<>("fleet.instance.beat.v1", Beat.class);

    public static final Broadcast<Departure> DEPARTED = new Broadcast<>("fleet.instance.departed.v1", Departure.class);

    private Instances() {}
}
