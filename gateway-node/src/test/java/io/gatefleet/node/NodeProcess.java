package io.gatefleet.node;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.Program;
import io.gatefleet.node.lease.RetryTimes;
import io.gatefleet.testing.Signal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One instance whose nodes are processes, started as the product starts them. Leaves nothing behind. */
final class NodeProcess implements AutoCloseable {
    static final HostId HOST = new HostId("mill");

    final InstanceHome home;
    final NodeConfig config;
    private final Path log;
    private @Nullable Process process;

    NodeProcess(Path fleet, String name, List<URI> registries) {
        GatewayConfig.Times usual = GatewayConfig.Times.defaults();
        config = new NodeConfig(
                fleet,
                HOST,
                new InstanceId(name),
                GatewayConfig.of(Flavor.SIMULATED)
                        .with(new GatewayConfig.Times(
                                Duration.ofSeconds(10),
                                usual.reap(),
                                usual.probeStarting(),
                                usual.probeRunning(),
                                usual.probeTimeout(),
                                usual.firstBackoff(),
                                usual.longestBackoff(),
                                usual.breakerPause(),
                                usual.breakerWindow())),
                registries,
                null,
                Map.of(),
                RetryTimes.defaults(200L),
                NodeConfig.Times.defaults());
        home = InstanceHome.of(fleet, config.instance());
        log = fleet.resolve(name + ".log");
    }

    /** Begins a life of the node. */
    NodeProcess start() throws IOException {
        process = another();
        return this;
    }

    /** One more process for the same home. */
    Process another() throws IOException {
        return NodeCommand.of(config)
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** What the node, and every earlier one, said. */
    String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** SIGKILL; the gateway does not notice. */
    void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** SIGTERM. @return the exit code */
    int stop() throws InterruptedException {
        process().destroy();
        if (!process().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the node did not end within 60 s");
        }
        return process().exitValue();
    }

    void signal(Signal signal) throws IOException, InterruptedException {
        signal.to(process().pid());
    }

    /** The gateway's process, as the node wrote it down; 0 while there is none. */
    int gatewayPid() throws IOException {
        return Gateways.pid(home);
    }

    /** Tells the simulated gateway to do something. */
    void simulate(String json) throws Exception {
        Process asked = Gateways.cli(config.gateway(), program(), home)
                .exec(List.of("simulate", json))
                .builder()
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private Program program() {
        return Gateways.find(config.gateway()).orElseThrow();
    }

    @Override
    public void close() throws TimeoutException {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        Vertx vertx = Vertx.vertx();
        try {
            PortLayout layout = Gateways.layout(config.gateway(), program());
            Gateway gateway = Gateways.of(vertx, config.gateway(), program(), layout, home);
            if (Files.exists(home.gatewayFile())) {
                gateway.stop().await(30, TimeUnit.SECONDS);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
