package io.gatefleet.allocator.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/**
 * Ports that are not lent for a while. How long is the sweeper's affair.
 *
 * @param id unique on the host
 * @param ports not empty
 * @param instance who had them, or who found them busy
 * @param busy the stranger, for ports found busy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rest(
        long id,
        PortSet ports,
        RestView.Reason reason,
        InstanceId instance,
        @Nullable BusyPort busy) {
    /** Whether the instance itself may have these ports back: a rest protects others from what it left there. */
    boolean opensFor(@Nullable InstanceId asker) {
        return reason != RestView.Reason.BUSY && instance.equals(asker);
    }

    Rest without(PortSet gone) {
        return new Rest(id, ports.minus(gone), reason, instance, busy);
    }
}
