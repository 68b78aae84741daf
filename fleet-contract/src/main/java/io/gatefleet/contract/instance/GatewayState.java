package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/** What the node says of its gateway's process. */
public enum GatewayState {
    /** Not running, and not meant to. */
    STOPPED,
    /** The process exists and is not ready yet. */
    STARTING,
    /** The process exists and was ready once in this life. */
    RUNNING,
    /** Told to stop; finishes what it does. */
    DRAINING,
    /** Ended, and will not be started again without an operator, for example after exit code 78. */
    EXITED,
    /** Ended, and will be started again after a pause. */
    BACKOFF,
    /** Runs, but its node could not take the guard of the range where it stands. */
    UNGUARDED;

    @JsonCreator
    public static GatewayState parse(String text) {
        for (GatewayState state : values()) {
            if (state.toString().equals(text)) {
                return state;
            }
        }
        throw new BadInput("gateway.state", text, "stopped, starting, running, draining, exited, backoff or unguarded");
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
