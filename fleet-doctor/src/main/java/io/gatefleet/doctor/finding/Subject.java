package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.port.GatewayPorts;

/** A gateway and its ports. */
record Subject(Gateway gateway, GatewayPorts ports) {
    String name() {
        return gateway.name();
    }

    int base() {
        return ports.base().port();
    }

    boolean is(Flavor flavor) {
        return gateway.flavor() == flavor;
    }

    /** For a person: where it stands, and who says so. */
    String standing() {
        return name() + " stands on " + ports.base();
    }
}
