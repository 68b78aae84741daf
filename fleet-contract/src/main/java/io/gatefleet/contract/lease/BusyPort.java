package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A port that somebody else holds.
 *
 * @param port 1 to 65535
 * @param protocol how it was found
 * @param pid the holder, where {@code /proc} names it
 * @param command the holder's name, never its arguments
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BusyPort(
        int port,
        Protocol protocol,
        @Nullable Integer pid,
        @Nullable String command) {
    /** How a port was found busy. */
    public enum Protocol {
        /** Another guard stands there. */
        UDP,
        /** Somebody listens there. */
        TCP,
        /** It lies in the footprint of a gateway that Gatefleet does not run. */
        NEIGHBOUR;

        @JsonCreator
        public static Protocol parse(String text) {
            for (Protocol protocol : values()) {
                if (protocol.toString().equals(text)) {
                    return protocol;
                }
            }
            throw new BadInput("protocol", text, "udp, tcp or neighbour");
        }

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public BusyPort {
        if (port < 1 || port > PortRange.HIGHEST_PORT) {
            throw new BadInput("busy.port", port, "1 to 65535");
        }
        if (command != null && command.length() > 64) {
            command = command.substring(0, 64);
        }
    }
}
