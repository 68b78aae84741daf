package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/**
 * What the health-aggregator thinks of an instance.
 *
 * @param state the word
 * @param reason stable, kebab-case: {@code ready}, {@code starting}, {@code probe-failing}, {@code not-ready},
 *     {@code process-exited}, {@code backing-off}, {@code node-silent}, {@code host-silent}, {@code stranger-in-lease}, …
 * @param sentence the same for a person, with what to do where there is something to do
 * @param sinceMillisAgo how long it has been so
 */
public record Verdict(State state, String reason, String sentence, long sinceMillisAgo) {
    /** The words, best first. */
    public enum State {
        READY,
        STARTING,
        MAINTENANCE,
        DRAINING,
        DEGRADED,
        UNKNOWN,
        UNREACHABLE,
        DOWN;

        @JsonCreator
        public static State parse(String text) {
            for (State state : values()) {
                if (state.toString().equals(text)) {
                    return state;
                }
            }
            throw new BadInput(
                    "state", text, "ready, starting, maintenance, draining, degraded, unknown, unreachable or down");
        }

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
