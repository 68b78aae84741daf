package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The gateways that this build can run, by flavor. */
public final class Gateways {
    private Gateways() {}

    /**
     * Where the gateway's program is and which version it has; empty where it is not installed. Blocks for small files.
     *
     * @throws BadInput where the configuration, or a variable, names something that is not there
     */
    public static Optional<Program> find(GatewayConfig config) {
        return Programs.find(config);
    }

    /** The process that an instance's gateway is, as its node wrote it down; 0 while there is none. Blocks for a small file. */
    public static int pid(InstanceHome home) throws IOException {
        return GatewayRecord.read(home.gatewayFile()).map(GatewayRecord::pid).orElse(0);
    }

    /**
     * What is installed on this host, for the nodes of it. Blocks for small files.
     *
     * @throws BadInput where nothing is, or the configuration, or a variable, names something that is not there
     */
    public static GatewayMaker installed(GatewayConfig config) {
        Program program = find(config)
                .orElseThrow(() ->
                        new BadInput("flavor", config.flavor(), "an installed gateway; none was found on this host"));
        PortLayout layout = layout(config, program);
        return new GatewayMaker() {
            @Override
            public String version() {
                return program.version();
            }

            @Override
            public PortLayout layout() {
                return layout;
            }

            @Override
            public Gateway make(Vertx vertx, PortLayout its, InstanceHome home) {
                return of(vertx, config, program, its, home);
            }
        };
    }

    /** What the instance ran last, if it is still installed: the one whose command line its files fit. */
    public static Optional<Program> last(InstanceHome home) throws IOException {
        return Program.kept(home.program());
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

    /**
     * The gateway of one instance. Starts nothing and touches no file yet.
     *
     * @throws BadInput where the configuration passes a variable that would break the isolation
     */
    public static Gateway of(Vertx vertx, GatewayConfig config, Program program, PortLayout layout, InstanceHome home) {
        GatewayAdapter adapter = new FamilyGateway(config, program, layout, home);
        return new SupervisedGateway(
                vertx, adapter, prober(vertx, config, program, home), home, config.times(), System::nanoTime);
    }

    /** By what is known of the version: its layout says where it answers truly. */
    private static Prober prober(Vertx vertx, GatewayConfig config, Program program, InstanceHome home) {
        Duration patience = config.times().probeTimeout();
        WebSocketProber socket = new WebSocketProber(vertx, () -> Token.find(home.token()), patience);
        LayoutFamily family = Layouts.known().of(config.flavor(), program.version());
        return family.probe() == LayoutFamily.Probe.WEBSOCKET ? socket : new HttpProber(vertx, socket, patience);
    }

    /** The gateway's own command line for one instance. */
    public static Cli cli(GatewayConfig config, Program program, InstanceHome home) {
        return new FamilyGateway(config, program, layout(config, program), home).cli();
    }
}
