package io.gatefleet.contract.service;

import io.gatefleet.contract.bus.Broadcast;

/** What services tell each other about themselves. */
public final class Services {
    /** Every service, when it begins to listen and every few seconds. */
    public static final Broadcast<ServicePresence> PRESENT =
            new Broadcast<>("fleet.service.present.v1", ServicePresence.class);

    private Services() {}
}
