package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;

/**
 * A footprint in one host's pool, lent to an instance in one incarnation.
 *
 * @param holder the instance and its host
 * @param incarnation the life of the instance that it was lent to
 * @param base the first port
 * @param footprint the offsets that are lent
 * @param layout the layout's name, for people
 * @param fence grows with every grant on the host; 1 to 2^53 - 1. It is the lease's id on its host, too
 * @param state how far it is
 */
public record Lease(
        InstanceKey holder,
        Incarnation incarnation,
        int base,
        Footprint footprint,
        String layout,
        long fence,
        LeaseState state) {
    public Lease {
        if (fence < 1 || fence >= 1L << 53) {
            throw new BadInput("fence", fence, "1 to 2^53 - 1");
        }
        footprint.checkAt(base);
    }

    /** The ports that are lent. */
    @JsonIgnore
    public PortSet ports() {
        return footprint.at(base);
    }

    public Lease in(LeaseState next) {
        return new Lease(holder, incarnation, base, footprint, layout, fence, next);
    }
}
