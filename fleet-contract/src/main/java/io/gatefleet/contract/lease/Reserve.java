package io.gatefleet.contract.lease;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/** An operator's wish: the body of {@code PUT /v1/hosts/{host}/reservations/{name}}. */
public record Reserve(PortSet ports, @Nullable String reason) {
    public Reserve {
        if (ports.isEmpty()) {
            throw new BadInput("ports", "", "at least one port, for example 18789 or 18789-18899");
        }
        if (reason != null && reason.length() > 200) {
            throw new BadInput("reason", reason, "at most 200 characters");
        }
    }
}
