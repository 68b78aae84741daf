package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.vertx.core.Vertx;
import java.util.Optional;

/** The gateways that this build can run, by flavor. */
@SuppressWarnings("DoNotCallSuggester") // the adapters follow in the next commit
public final class Gateways {
    private Gateways() {}

    /** Where the gateway's program is and which version it has; empty where it is not installed. Blocks for small files. */
    public static Optional<Program> find(GatewayConfig config) {
        throw new UnsupportedOperationException("in the next commit: " + config.flavor());
    }

    /**
     * Where a gateway of this configuration and version opens its ports.
     *
     * @throws BadInput for a flavor or version whose ports nobody measured
     */
    public static PortLayout layout(GatewayConfig config, Program program) {
        LayoutFamily family = Layouts.known().of(config.flavor(), program.version());
        return switch (config.shape()) {
            case WIDE -> family.wide(config.extras());
            case DENSE -> family.dense(config.profiles().size(), config.extras());
        };
    }

    /** The gateway of one instance. Starts nothing and touches no file yet. */
    public static Gateway of(Vertx vertx, GatewayConfig config, Program program, PortLayout layout, InstanceHome home) {
        throw new UnsupportedOperationException("in the next commit: " + vertx + config + program + layout + home);
    }

    /** The gateway's own command line for one instance. */
    public static Cli cli(GatewayConfig config, Program program, InstanceHome home) {
        throw new UnsupportedOperationException("in the next commit: " + config + program + home);
    }
}
