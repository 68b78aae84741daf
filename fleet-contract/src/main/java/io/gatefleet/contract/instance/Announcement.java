package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.Optional;

/** What a registry tells everybody of an instance, each after what happened before it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", requireTypeIdForSubtypes = OptBoolean.FALSE)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Remembered.class, name = "joined"),
    @JsonSubTypes.Type(value = Beat.class, name = "beat"),
    @JsonSubTypes.Type(value = Departure.class, name = "departed")
})
public sealed interface Announcement permits Remembered, Beat, Departure {
    InstanceKey instance();

    /** What it says of the gateway; empty when it says nothing. */
    Optional<Beat> asBeat();
}
