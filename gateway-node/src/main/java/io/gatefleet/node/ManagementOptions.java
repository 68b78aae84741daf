package io.gatefleet.node;

import io.gatefleet.contract.BadInput;
import io.gatefleet.runtime.ProtectionOptions;
import io.gatefleet.runtime.audit.AuditLog;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where the management port listens, and whom it answers. */
final class ManagementOptions {
    private static final String OPTION = "management-host";

    @Option(
            names = "--" + OPTION,
            defaultValue = "${GATEFLEET_MANAGEMENT_HOST:-127.0.0.1}",
            description =
                    "Where /livez, /readyz and /metrics are served, on the lease's management port, for example to a"
                            + " Prometheus elsewhere; beyond loopback only with --access-dir (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Mixin
    private ProtectionOptions guarding = new ProtectionOptions();

    /**
     * What was asked for. Blocks.
     *
     * @throws BadInput that says what to do
     */
    Management management() {
        return new Management(host, guarding.protection(OPTION, host, AuditLog.NONE));
    }
}
