package io.gatefleet.faults;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.node.NodeCommand;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.node.command.KeptOrders;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.Program;
import io.gatefleet.node.lease.RetryTimes;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.testing.JavaProcess;
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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One instance whose nodes are processes, started as the product starts them. Leaves nothing behind. */
public final class NodeProcess implements AutoCloseable {
    private final NodeConfig config;
    private final InstanceHome home;
    private final Path log;
    private @Nullable Process process;

    public NodeProcess(Path fleet, InstanceKey key, List<URI> registries) {
        this(fleet, key, registries, NodeConfig.Proof.NONE);
    }

    /** @param proof how it joins, and whom it trusts */
    public NodeProcess(Path fleet, InstanceKey key, List<URI> registries, NodeConfig.Proof proof) {
        GatewayConfig.Times usual = GatewayConfig.Times.defaults();
        config = new NodeConfig(
                fleet,
                key.host(),
                key.instance(),
                GatewayConfig.of(Flavor.SIMULATED)
                        .with(new GatewayConfig.Times(
                                Duration.ofSeconds(60),
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
                RetryTimes.defaults(null),
                NodeConfig.Times.defaults(),
                proof);
        home = InstanceHome.of(fleet, key.instance());
        log = fleet.resolve(key.instance() + ".log");
    }

    /** Begins a life of the node. */
    public void start() throws IOException {
        process = NodeCommand.of(
                        config,
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        JavaProcess.ownClassPath(),
                        System.getenv())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** SIGKILL; the gateway does not notice. */
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Sends a signal to the node, and to no other process. */
    public void signal(Signal signal) throws IOException, InterruptedException {
        signal.to(life().pid());
    }

    /** SIGTERM, and waits until it has drained: its gateway is gone then, and its lease given back. */
    public void endInOrder() throws IOException, InterruptedException {
        life().toHandle().destroy();
        if (!life().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end in order:\n" + log());
        }
    }

    private Process life() {
        return Objects.requireNonNull(process, "started before");
    }

    /** What the node, and every earlier one, said. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** How often its gateway was started, in all lives. */
    public int starts() throws IOException {
        return log().split("gateway started, pid", -1).length - 1;
    }

    /** What of its commands stands on its disk. */
    public KeptOrders kept() throws IOException {
        return KeptOrders.read(home);
    }

    /** Whether a process lives. A zombie does not: a gateway whose node was killed is nobody's child. */
    public static boolean lives(int pid) {
        return Kernel.startTime(pid) >= 0;
    }

    /** The gateway's process, as the node wrote it down; 0 while there is none. */
    public int gatewayPid() throws IOException {
        return Gateways.pid(home);
    }

    /** What opens the gateway. */
    public String token() throws IOException {
        return Files.readString(home.token()).strip();
    }

    /** Tells the simulated gateway to do something. */
    public void simulate(String json) throws IOException, InterruptedException {
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
            if (Files.exists(home.gatewayFile())) {
                Gateway gateway = Gateways.of(
                        vertx, config.gateway(), program(), Gateways.layout(config.gateway(), program()), home);
                gateway.stop(Duration.ofSeconds(1)).await(30, TimeUnit.SECONDS);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
