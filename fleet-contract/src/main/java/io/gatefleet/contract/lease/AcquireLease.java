package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.Footprint;
import org.jspecify.annotations.Nullable;

/**
 * Asks for ports. Idempotent by (instance, incarnation, rejected fence): the same question gets the same lease.
 *
 * @param holder who shall have them
 * @param incarnation in which life
 * @param layout the layout's name
 * @param footprint what it takes
 * @param facts what the asker's kernel says
 * @param claim what it had
 * @param rejected what did not work
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AcquireLease(
        InstanceKey holder,
        Incarnation incarnation,
        String layout,
        Footprint footprint,
        HostFacts facts,
        @Nullable Claim claim,
        @Nullable Rejection rejected) {}
