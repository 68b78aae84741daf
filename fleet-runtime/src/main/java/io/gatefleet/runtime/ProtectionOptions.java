package io.gatefleet.runtime;

import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.audit.AuditLog;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say how a service's listener is protected: a mixin of every service's main. */
public final class ProtectionOptions {
    @Option(
            names = "--access-dir",
            paramLabel = "DIR",
            defaultValue = "${GATEFLEET_ACCESS_DIR:-}",
            description = "who may do what: the files tokens, node-keys and revoked, made by gatefleet token and read"
                    + " again when they change; without it everybody may do everything, on loopback only")
    private String accessDir = "";

    @Option(
            names = "--open-metrics",
            defaultValue = "${GATEFLEET_OPEN_METRICS:-false}",
            description = "serve /metrics without a token, for a listener that only a private network reaches")
    private boolean openMetrics;

    /**
     * What was asked for. Blocks.
     *
     * @param httpHost where the service will listen
     * @throws io.gatefleet.contract.BadInput that says what to do
     */
    public Protection protection(String httpHost, AuditLog audit) {
        Access access = accessDir.isBlank() ? Access.off() : Access.by(Path.of(accessDir), openMetrics);
        Protection protection = new Protection(access, audit);
        protection.insistOn(httpHost);
        return protection;
    }
}
