package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.lease.Refusal;

/** The registry's answer to a node's word. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = InstanceReply.Registered.class, name = "registered"),
    @JsonSubTypes.Type(value = InstanceReply.Heard.class, name = "heard"),
    @JsonSubTypes.Type(value = InstanceReply.Departed.class, name = "departed"),
    @JsonSubTypes.Type(value = InstanceReply.OtherIncarnation.class, name = "other-incarnation"),
    @JsonSubTypes.Type(value = InstanceReply.Refused.class, name = "refused")
})
public sealed interface InstanceReply {
    /** To a registration. {@code fresh} is false where this incarnation was registered already. */
    record Registered(Registration registration, boolean fresh) implements InstanceReply {}

    /** To a heartbeat whose lease was renewed. */
    record Heard(HeartbeatReply reply) implements InstanceReply {}

    /** To a goodbye. {@code wasHeld} is false where there was no lease to give back. */
    record Departed(boolean wasHeld) implements InstanceReply {}

    /** To a goodbye of an incarnation that is not the one that is registered: nothing was changed. */
    record OtherIncarnation(InstanceKey instance, Incarnation said, Incarnation registered) implements InstanceReply {}

    record Refused(Refusal refusal) implements InstanceReply {}
}
