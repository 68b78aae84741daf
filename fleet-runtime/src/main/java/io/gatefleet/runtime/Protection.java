package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Loopback;
import io.gatefleet.runtime.audit.AuditLog;

/**
 * How an HTTP listener is protected.
 *
 * @param access whom it knows
 * @param audit where refusals and what admins do are written down
 */
public record Protection(Access access, AuditLog audit) {
    /** For loopback: everybody on this machine may do everything. */
    public static final Protection NONE = new Protection(Access.off(), AuditLog.NONE);

    public Protection withAudit(AuditLog log) {
        return new Protection(access, log);
    }

    /**
     * Insists that a listener others can reach knows whom it answers. May block.
     *
     * @throws BadInput that says what to do
     */
    public void insistOn(String httpHost) {
        if (access.isOff() && !Loopback.isAddress(httpHost)) {
            throw new BadInput(
                    "http-host",
                    httpHost,
                    "a loopback address while access is off; to listen elsewhere, make tokens with"
                            + " gatefleet token new --access-dir DIR --role admin --name YOURS, and start with --access-dir DIR");
        }
    }
}
