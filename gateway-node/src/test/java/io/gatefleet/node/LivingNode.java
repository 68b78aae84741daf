package io.gatefleet.node;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.command.KeptOrders;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.Action;
import io.gatefleet.node.lease.RetryTimes;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A node in this process, with a gateway that is a fake. */
final class LivingNode {
    static final PortLayout LAYOUT = Layouts.known().of(Flavor.SIMULATED, null).wide(Set.of());

    static {
        // A worker's answer may come when the Vert.x of the test before is closed: that is no failure of the next one.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    final InstanceKey key;
    final InstanceHome home;
    final Incarnation incarnation;
    final FakeGateway gateway;
    final CompletableFuture<Action.Quit> quit = new CompletableFuture<>();

    private final Vertx vertx;
    private final Path directory;
    private final FakeRegistry registry;
    final NodeLifecycle lifecycle;

    LivingNode(Vertx vertx, Path directory, FakeRegistry registry, String name) throws IOException {
        this.vertx = vertx;
        this.directory = directory;
        this.registry = registry;
        this.gateway = new FakeGateway(vertx);
        key = new InstanceKey(new HostId("mill"), new InstanceId(name));
        home = InstanceHome.of(directory, key.instance());
        home.create();
        NodeConfig config = config();
        NodeTruth truth = NodeTruth.next(NodeTruth.read(home), System.currentTimeMillis());
        truth.write(home);
        incarnation = truth.incarnation();
        KeptOrders kept = KeptOrders.read(home);
        GuardJournal journal = GuardJournal.open(home, key, incarnation);
        CompletableFuture<NodeLifecycle> built = new CompletableFuture<>();
        vertx.runOnContext(now -> {
            Holder holder = new Holder();
            NodeMeters meters = new NodeMeters(holder::status);
            NodeHttp http = new NodeHttp(
                    vertx, Management.LOOPBACK, () -> Meters.of("gateway-node"), meters::bindTo, () -> holder.status()
                            .unready());
            holder.lifecycle = new NodeLifecycle(
                    vertx,
                    config,
                    "1",
                    home,
                    truth,
                    kept,
                    NodeCredentials.none().joinKey(),
                    LAYOUT,
                    gateway,
                    new RegistryClient(
                            vertx, config.registries(), key, config.times().answer()),
                    new RegistryClient(
                            vertx, config.registries(), key, config.times().answer(), 1, NodeCredentials.none(), null),
                    http,
                    meters,
                    journal,
                    quit::complete);
            built.complete(holder.lifecycle);
        });
        lifecycle = built.join();
    }

    private NodeConfig config() {
        List<URI> registries = List.of(registry.url());
        return new NodeConfig(
                directory,
                key.host(),
                key.instance(),
                GatewayConfig.of(Flavor.SIMULATED),
                registries,
                null,
                Map.of(),
                new RetryTimes(50, 200, 300, 200, null),
                new NodeConfig.Times(
                        Duration.ofMillis(700),
                        Duration.ofMillis(200),
                        Duration.ofMillis(300),
                        Duration.ofMillis(200)));
    }

    void leave() {
        lifecycle.leave();
    }

    Optional<Heartbeat> lastBeat() {
        return registry.heartbeats.stream()
                .filter(beat ->
                        beat.lease().holder().equals(key) && beat.incarnation().equals(incarnation))
                .reduce((before, last) -> last);
    }

    void begin() {
        vertx.runOnContext(now -> lifecycle.begin(Optional.ofNullable(gateway.standing)));
    }

    Lease lease(int base, long fence) {
        return new Lease(key, new Incarnation(1), base, LAYOUT.footprint(), LAYOUT.name(), fence, LeaseState.CONFIRMED);
    }

    boolean says(GuardState guard, GatewayState state) {
        return registry.heartbeats.stream()
                .filter(beat -> beat.lease().holder().equals(key))
                .reduce((before, last) -> last)
                .filter(last -> last.guard() == guard && last.gateway().state() == state)
                .isPresent();
    }

    private static final class Holder {
        private volatile @Nullable NodeLifecycle lifecycle;

        NodeStatus status() {
            NodeLifecycle built = lifecycle;
            return built == null ? NodeStatus.begun() : built.status();
        }
    }
}
