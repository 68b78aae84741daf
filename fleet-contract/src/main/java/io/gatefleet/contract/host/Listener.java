package io.gatefleet.contract.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port that somebody listens on, as the kernel's tables show it.
 *
 * @param port 1 to 65535
 * @param address the bound address, for example {@code 127.0.0.1} or {@code ::}
 * @param pid the process, where {@code /proc} names it
 * @param command the process' name, at most 64 characters; never its arguments, which may carry secrets
 * @param guarded whether a UDP guard stands on the same port: then a node answers for it
 * @param reading what the process is taken for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Listener(
        int port,
        String address,
        @Nullable Integer pid,
        @Nullable String command,
        boolean guarded,
        Reading reading) {
    /** A gateway's footprint from its own port up: what an unknown one may open, hours after its start. */
    private static final int GATEWAY_SPAN = 111;

    /** What a listener may be. When in doubt it may be a gateway, and its footprint is foreign. */
    public enum Reading {
        /** No node, bun, Chrome nor a family name: only its own port is foreign. */
        PLAIN,
        /** A gateway, or a program that gateways run in: 111 ports from its own port up are foreign. */
        GATEWAY_LIKE,
        /** {@code /proc} does not name the process: read as a gateway. */
        UNKNOWN;

        /** Also in the first version's spelling, {@code GATEWAY_LIKE}. */
        @JsonCreator
        public static Reading parse(String text) {
            String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
            for (Reading reading : values()) {
                if (reading.name().equals(name)) {
                    return reading;
                }
            }
            throw new BadInput("listener.reading", text, "plain, gateway-like or unknown");
        }

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Listener {
        if (port < 1 || port > PortRange.HIGHEST_PORT) {
            throw new BadInput("listener.port", port, "1 to 65535");
        }
        if (command != null && command.length() > 64) {
            command = command.substring(0, 64);
        }
    }

    /** What is foreign because of it: its own port, or as far up as a gateway would reach from there. */
    public PortRange reach() {
        int last = reading == Reading.PLAIN ? port : port + GATEWAY_SPAN - 1;
        return new PortRange(port, Math.min(PortRange.HIGHEST_PORT, last));
    }
}
