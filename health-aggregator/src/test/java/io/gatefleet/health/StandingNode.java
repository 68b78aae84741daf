package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.node.InstanceLock;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.node.NodeVerticle;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.RetryTimes;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole gateway-node in this process, with a guard of its own and a simulated gateway as a process. */
final class StandingNode implements AutoCloseable {
    private final Vertx vertx;
    private final InstanceKey key;
    private final InstanceHome home;
    private final InstanceLock lock;
    private final String deployment;

    private StandingNode(Vertx vertx, InstanceKey key, InstanceHome home, InstanceLock lock, String deployment) {
        this.vertx = vertx;
        this.key = key;
        this.home = home;
        this.lock = lock;
        this.deployment = deployment;
    }

    /** Begins; the lease and the gateway come later. */
    static StandingNode start(Vertx vertx, Path fleet, InstanceKey key, List<URI> registries)
            throws IOException, TimeoutException {
        GatewayConfig.Times usual = GatewayConfig.Times.defaults();
        NodeConfig config = new NodeConfig(
                fleet,
                key.host(),
                key.instance(),
                GatewayConfig.of(Flavor.SIMULATED)
                        .with(new GatewayConfig.Times(
                                Duration.ofSeconds(5),
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
                NodeConfig.Times.defaults());
        InstanceHome home = InstanceHome.of(fleet, key.instance());
        home.create();
        InstanceLock lock = ((InstanceLock.Locking.Taken) InstanceLock.take(home)).lock();
        String deployment = vertx.deployVerticle(new NodeVerticle(config, lock, () -> Meters.of("gateway-node")))
                .await(30, TimeUnit.SECONDS);
        return new StandingNode(vertx, key, home, lock, deployment);
    }

    InstanceKey key() {
        return key;
    }

    /** The gateway's process, as the node wrote it down; 0 while there is none. */
    int gatewayPid() throws IOException {
        return Files.exists(home.gatewayFile())
                ? Wire.LENIENT
                        .mapper()
                        .readTree(home.gatewayFile().toFile())
                        .path("pid")
                        .asInt()
                : 0;
    }

    /** What the node says of itself on its own port, which is the second of its lease. */
    double says(HttpClient client, int base, String meter) throws IOException, InterruptedException {
        String metrics = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(base + 1)))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        List<String> samples = metrics.lines()
                .filter(line -> line.startsWith("gatefleet_node_" + meter + "{")
                        || line.startsWith("gatefleet_node_" + meter + " "))
                .toList();
        assertThat(samples).as("%s of %s in%n%s", meter, key, metrics).hasSize(1);
        return Double.parseDouble(samples.get(0).replaceAll(".* ", ""));
    }

    /** Drains: its gateway is gone afterwards. */
    @Override
    public void close() throws TimeoutException, IOException {
        try {
            vertx.undeploy(deployment).await(40, TimeUnit.SECONDS);
        } finally {
            lock.close();
        }
    }
}
