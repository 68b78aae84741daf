package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;

/**
 * The lease that an instance had. With the guard held it is an assertion: the instance stands there. Without, a wish.
 *
 * @param base the first port it had
 * @param footprint what it had
 * @param fence of that lease; a new ledger starts above the largest one asserted
 * @param guard whether the node holds the guard of it now
 */
public record Claim(int base, Footprint footprint, long fence, GuardState guard) {
    public Claim {
        footprint.at(base);
    }

    @JsonIgnore
    public PortSet ports() {
        return footprint.at(base);
    }
}
