package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.port.PortSet;

/** The allocator's answer: a lease, or a refusal with its facts. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LeaseReply.Granted.class, name = "granted"),
    @JsonSubTypes.Type(value = LeaseReply.Released.class, name = "released"),
    @JsonSubTypes.Type(value = LeaseReply.Refused.class, name = "refused")
})
public sealed interface LeaseReply {
    /**
     * Lent, or kept for another term.
     *
     * @param termMillis it lapses when it is not renewed for that long
     * @param known ports that an operator reserved singly: what listens there is known, and no gateway
     */
    record Granted(Lease lease, long termMillis, PortSet known) implements LeaseReply {}

    /** Given back; {@code wasHeld} is false where there was nothing to give. */
    record Released(boolean wasHeld) implements LeaseReply {}

    record Refused(Refusal refusal) implements LeaseReply {}
}
