package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/**
 * Ports that are not lent for a while.
 *
 * @param reason why
 * @param remainingMillis until they can be lent, as the member counts that answers
 * @param formerHolder who had them
 * @param busy the stranger that was found there, for a rest of busy ports
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestView(
        PortSet ports,
        Reason reason,
        long remainingMillis,
        @Nullable InstanceKey formerHolder,
        @Nullable BusyPort busy) {
    /** Why ports rest. */
    public enum Reason {
        /** Given back, without proof that every socket is closed. */
        @JsonProperty("released")
        RELEASED,
        /** Its node fell silent: the gateway may live on, and may take up to 40 s to listen. */
        @JsonProperty("lapsed")
        LAPSED,
        /** A node found a stranger there. */
        @JsonProperty("busy")
        BUSY
    }
}
