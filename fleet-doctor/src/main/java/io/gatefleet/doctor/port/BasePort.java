package io.gatefleet.doctor.port;

import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.nio.charset.StandardCharsets;

/**
 * The port that all others of a gateway are counted from.
 *
 * @param port 1 to 65535
 * @param source what decided
 * @param evidence where that can be read, for a person
 */
public record BasePort(int port, Source source, String evidence) {
    /** What every family takes when nobody says anything. */
    public static final int DEFAULT = 18_789;

    /** The last base whose browsers have room below 65536: the 100th CDP port is 110 above it. */
    public static final int HIGHEST = PortRange.HIGHEST_PORT - 110;

    private static final int HASHED_FIRST = 20_000;
    private static final int HASHED_COUNT = 40_000;

    /** What decided on a base port. */
    public enum Source {
        FLAG,
        ENVIRONMENT,
        CONFIG,
        /** A named profile without a port: OpenClaw hashes the name, since 2026.8. */
        HASHED,
        DEFAULT,
        /** The running gateway's lock file. */
        LOCK,
        /** Where the running gateway listens. */
        KERNEL
    }

    /** Where OpenClaw puts a named profile that has no port: 20000 to 59999. */
    public static int hashed(String profile) {
        int hash = 0x811c9dc5;
        for (byte octet : profile.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return HASHED_FIRST + Integer.remainderUnsigned(hash, HASHED_COUNT);
    }

    /** The 111 ports that a gateway with this base may ever derive, as far as they exist. */
    public PortSet reach() {
        return PortSet.of(new PortRange(port, Math.min(PortRange.HIGHEST_PORT, port + 110)));
    }

    /** Whether somebody decided, rather than a default. */
    public boolean explicit() {
        return source == Source.FLAG || source == Source.ENVIRONMENT || source == Source.CONFIG;
    }

    @Override
    public String toString() {
        return port + " (" + evidence + ")";
    }
}
