package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Loopback;
import io.gatefleet.runtime.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/**
 * How an HTTP listener is protected.
 *
 * @param access whom it knows
 * @param audit where refusals and what admins do are written down
 * @param tls its certificate and key; null: clear text
 * @param mostConnections at once, 16 to 1,000,000
 * @param patience how long it waits for what a client has begun
 */
public record Protection(
        Access access, AuditLog audit, @Nullable TlsFiles tls, int mostConnections, Patience patience) {
    /** For 10,000 nodes with two connections each, on one member. */
    public static final int MOST_CONNECTIONS = 24_000;

    /** For loopback: everybody on this machine may do everything. */
    public static final Protection NONE = new Protection(Access.off(), AuditLog.NONE);

    public Protection {
        if (mostConnections < 16 || mostConnections > 1_000_000) {
            throw new BadInput("maxConnections", mostConnections, "16 to 1000000");
        }
    }

    public Protection(Access access, AuditLog audit) {
        this(access, audit, null, MOST_CONNECTIONS, Patience.DEFAULT);
    }

    public Protection withTls(@Nullable TlsFiles files) {
        return new Protection(access, audit, files, mostConnections, patience);
    }

    public Protection withMostConnections(int most) {
        return new Protection(access, audit, tls, most, patience);
    }

    public Protection withPatience(Patience other) {
        return new Protection(access, audit, tls, mostConnections, other);
    }

    /** The same for the listener of a service. */
    public void insistOn(String httpHost) {
        insistOn("http-host", httpHost);
    }

    /**
     * Insists that a listener others can reach knows whom it answers. May block.
     *
     * @param option what says where it listens
     * @throws BadInput that says what to do
     */
    public void insistOn(String option, String httpHost) {
        if (access.isOff() && !Loopback.isAddress(httpHost)) {
            throw new BadInput(
                    option,
                    httpHost,
                    "a loopback address while access is off; to listen elsewhere, make tokens with"
                            + " gatefleet token new --access-dir DIR --role admin --name YOURS, and start with --access-dir DIR");
        }
    }
}
