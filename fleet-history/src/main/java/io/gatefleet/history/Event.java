package io.gatefleet.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/** Something that happened, as the one who did it wrote it down. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Began.class, name = "began"),
    @JsonSubTypes.Type(value = Event.Guard.class, name = "guard"),
    @JsonSubTypes.Type(value = Event.Ledger.class, name = "ledger"),
    @JsonSubTypes.Type(value = Event.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Event.Missed.class, name = "missed")
})
public sealed interface Event {
    /**
     * The first line of a writer's life.
     *
     * @param version the build that writes
     */
    record Began(String version) implements Event {}

    /**
     * A node's word on its guard. "Taken" is written once the kernel gave every port and "let go" before the first is
     * given back, so a guard was held for at least as long as its words say; whoever is killed held it at least until his
     * last word.
     *
     * @param space the port space that the ports are of
     * @param fence of the lease that it is held for; null: no ledger has confirmed one to this node yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Guard(
            Word word,
            InstanceKey holder,
            Incarnation incarnation,
            PortSpace space,
            @Nullable Long fence,
            PortSet ports)
            implements Event {
        /** What became of the guard. */
        public enum Word {
            @JsonProperty("taken")
            TAKEN,
            @JsonProperty("held")
            HELD,
            @JsonProperty("let-go")
            LET_GO
        }
    }

    /**
     * An allocator's decision that changed a lease.
     *
     * @param by the command that was decided on
     */
    record Ledger(Change change, InstanceKey holder, Incarnation incarnation, long fence, PortSet ports, String by)
            implements Event {
        /** What became of the lease. */
        public enum Change {
            @JsonProperty("granted")
            GRANTED,
            @JsonProperty("confirmed")
            CONFIRMED,
            @JsonProperty("revoked")
            REVOKED,
            @JsonProperty("ended")
            ENDED
        }
    }

    /**
     * An allocator's decision that changed none.
     *
     * @param code of the refusal
     */
    record Refused(InstanceKey holder, String code) implements Event {}

    /**
     * The writer could not keep up, or could not write: so many lines are missing here.
     *
     * @param lines at least 1
     */
    record Missed(long lines) implements Event {}
}
