package io.gatefleet.faults;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.node.InstanceLock;
import io.gatefleet.node.Management;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.node.NodeStatus;
import io.gatefleet.node.NodeVerticle;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.GatewayMaker;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.RetryTimes;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A whole gateway-node in this process: its real conversation over HTTP, its real guard, probe and neighbour check, its
 * disk and its journal. Many fit into one process.
 */
public final class GuardedNode implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final InstanceKey key;
    private final InstanceHome home;
    private final InstanceLock lock;
    private final NodeVerticle verticle;
    private final String deployment;
    private final @Nullable GatewayInside inside;

    private GuardedNode(
            Vertx vertx,
            InstanceKey key,
            InstanceHome home,
            InstanceLock lock,
            NodeVerticle verticle,
            String deployment,
            @Nullable GatewayInside inside) {
        this.vertx = vertx;
        this.key = key;
        this.home = home;
        this.lock = lock;
        this.verticle = verticle;
        this.deployment = deployment;
        this.inside = inside;
    }

    /**
     * One whose gateway listens in this process. Begins; the lease comes later.
     *
     * @param fleet the fleet's directory; the same instance begins its next life where it lived before
     */
    public static GuardedNode start(Vertx vertx, Path fleet, InstanceKey key, List<URI> registries)
            throws IOException, TimeoutException {
        // The tables are read for all nodes of the process, and the journals need a word now and then.
        return start(vertx, config(fleet, key, registries, DRAIN, Duration.ofSeconds(10)), new GatewayInside());
    }

    /** One with a simulated gateway as a process, which must be installed with this class path, and has 5 s to end. */
    public static GuardedNode startWithGateway(Vertx vertx, Path fleet, InstanceKey key, List<URI> registries)
            throws IOException, TimeoutException {
        return startWithGateway(vertx, fleet, key, registries, DRAIN);
    }

    /** The same, with another time for the gateway to end; at most 30 s. */
    public static GuardedNode startWithGateway(
            Vertx vertx, Path fleet, InstanceKey key, List<URI> registries, Duration drain)
            throws IOException, TimeoutException {
        return start(
                vertx,
                config(
                        fleet,
                        key,
                        registries,
                        drain,
                        NodeConfig.Times.defaults().audit()),
                null);
    }

    private static NodeConfig config(
            Path fleet, InstanceKey key, List<URI> registries, Duration drain, Duration audit) {
        GatewayConfig.Times usual = GatewayConfig.Times.defaults();
        NodeConfig.Times times = NodeConfig.Times.defaults();
        return new NodeConfig(
                fleet,
                key.host(),
                key.instance(),
                GatewayConfig.of(Flavor.SIMULATED)
                        .with(new GatewayConfig.Times(
                                drain,
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
                new NodeConfig.Times(times.answer(), audit, times.goodbye(), times.restart()));
    }

    private static GuardedNode start(Vertx vertx, NodeConfig config, @Nullable GatewayInside inside)
            throws IOException, TimeoutException {
        InstanceHome home = InstanceHome.of(config.home(), config.instance());
        home.create();
        if (!(InstanceLock.take(home) instanceof InstanceLock.Locking.Taken taken)) {
            throw new IllegalStateException(config.key() + " is run by another node in " + home.root());
        }
        GatewayMaker inThisProcess = inside == null ? null : inside.maker();
        NodeVerticle verticle = new NodeVerticle(
                config,
                Management.LOOPBACK,
                taken.lock(),
                () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                () -> inThisProcess == null ? Gateways.installed(config.gateway()) : inThisProcess);
        String deployment = vertx.deployVerticle(verticle).await(30, TimeUnit.SECONDS);
        return new GuardedNode(vertx, config.key(), home, taken.lock(), verticle, deployment, inside);
    }

    public InstanceKey key() {
        return key;
    }

    /** How the node is now, as it knows itself. */
    public NodeStatus status() {
        return verticle.status();
    }

    /** Where its gateway stands; empty while it has no place. */
    public Optional<Lease> lease() {
        return Optional.ofNullable(status().lease());
    }

    /** Whether it has a lease, holds its guard, and has heard that the control plane knows both. */
    public boolean stands() {
        NodeStatus now = status();
        Lease lease = now.lease();
        return now.registered()
                && now.guard() == GuardState.HELD
                && lease != null
                && lease.state() == LeaseState.CONFIRMED;
    }

    /** How often it stopped its gateway in this life. A gateway with a process is not counted: watch the process. */
    public int gatewayStops() {
        return inside == null ? 0 : inside.stops();
    }

    /** The process that its gateway is in, as the node wrote it down; 0 while there is none. */
    public long gatewayPid() throws IOException {
        return inside != null ? ProcessHandle.current().pid() : Gateways.pid(home);
    }

    /** Drains: its gateway is gone afterwards, and the lease given back where somebody answers. */
    @Override
    public void close() throws TimeoutException, IOException {
        try {
            vertx.undeploy(deployment).await(40, TimeUnit.SECONDS);
        } finally {
            lock.close();
        }
    }
}
