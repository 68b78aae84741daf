package io.gatefleet.doctor.port;

/**
 * A port that a gateway uses as it is configured now.
 *
 * @param role what for
 * @param what for a person, for example {@code browser profile "work"}
 */
public record PortUse(int port, Role role, String what) {
    /** What a gateway uses a port for. */
    public enum Role {
        GATEWAY,
        CONTROL,
        RELAY,
        /** A browser's DevTools protocol: whoever connects reads its tabs. */
        CDP,
        PLUGIN,
        /** The kernel shows it, and no rule explains it. */
        SEEN
    }
}
