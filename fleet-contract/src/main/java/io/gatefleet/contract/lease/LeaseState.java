package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/** How far a lease is. */
public enum LeaseState {
    /** Lent for a short time, until the node says that its guard is held. */
    OFFERED,
    /** The node holds the guard. */
    CONFIRMED,
    /** An operator took it back; it is freed when the node confirms that, or when the term ends. */
    REVOKED;

    /** Written with every lease of a host whenever one of them changes. */
    private final String text = name().toLowerCase(Locale.ROOT);

    @JsonCreator
    public static LeaseState parse(String text) {
        for (LeaseState state : values()) {
            if (state.text.equals(text)) {
                return state;
            }
        }
        throw new BadInput("lease.state", text, "offered, confirmed or revoked");
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
