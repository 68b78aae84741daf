package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command as a registry shows it.
 *
 * @param command with the time that is left to begin it
 * @param result what came of it; null until it ended. {@code unknown} becomes another one when the node is heard again
 * @param askedMillisAgo how long ago it was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommandView(
        Command command, State state, @Nullable CommandResult result, long askedMillisAgo) {
    /** How far a command got. */
    public enum State {
        /** Waits for its node. */
        ASKED,
        /** Handed to its node, or lost on the way there. */
        DELIVERED,
        /** Has a result. */
        ENDED;

        @JsonCreator
        public static State parse(String text) {
            for (State state : values()) {
                if (state.toString().equals(text)) {
                    return state;
                }
            }
            throw new BadInput("state", text, "asked, delivered or ended");
        }

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public CommandView {
        if ((state == State.ENDED) != (result != null)) {
            throw new BadInput("state", state, "ended, if and only if there is a result");
        }
    }
}
