package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/** Whether a node holds the guard of its whole lease. */
public enum GuardState {
    HELD,
    /** Not yet taken, or somebody else holds a part of it. */
    MISSING;

    @JsonCreator
    public static GuardState parse(String text) {
        for (GuardState state : values()) {
            if (state.toString().equals(text)) {
                return state;
            }
        }
        throw new BadInput("guard", text, "held or missing");
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
