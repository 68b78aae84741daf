package io.gatefleet.node;

import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.command.KeptOrders;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.GatewayMaker;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.Action;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node: wires disk, gateway, control plane and management port to the {@link NodeLifecycle}. */
public final class NodeVerticle extends VerticleBase {
    private final NodeConfig config;
    private final Management management;
    private final InstanceHome home;
    private final Supplier<PrometheusMeterRegistry> meters;
    private final Supplier<GatewayMaker> gateways;
    private final Promise<Action.Quit> ended = Promise.promise();
    private volatile @Nullable NodeLifecycle lifecycle;
    private volatile boolean leaving;

    /**
     * @param lock of the instance's home: without it nothing here may run
     * @param meters makes a registry of this node's own; called on a worker when the management port is opened
     */
    public NodeVerticle(
            NodeConfig config, Management management, InstanceLock lock, Supplier<PrometheusMeterRegistry> meters) {
        this(config, management, lock, meters, () -> Gateways.installed(config.gateway()));
    }

    /** @param gateways what the node runs; called on a worker */
    public NodeVerticle(
            NodeConfig config,
            Management management,
            InstanceLock lock,
            Supplier<PrometheusMeterRegistry> meters,
            Supplier<GatewayMaker> gateways) {
        this.config = config;
        this.management = management;
        this.home = lock.home();
        this.meters = meters;
        this.gateways = gateways;
    }

    /** Completes when the node has begun, which is before it has a lease; fails when it cannot run its gateway at all. */
    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::prepare).compose(this::begin);
    }

    /** Drains: the gateway is stopped and the lease given back. */
    @Override
    public Future<?> stop() {
        leave();
        return ended.future();
    }

    /** Why the node ended; completes after everything was given back. */
    public Future<Action.Quit> ended() {
        return ended.future();
    }

    /** Drains and ends, from any thread; {@link #ended} tells when that is done. */
    public void leave() {
        leaving = true;
        NodeLifecycle running = lifecycle;
        if (running != null) {
            running.leave();
        }
    }

    private record Prepared(
            NodeTruth truth,
            KeptOrders kept,
            GatewayMaker program,
            GuardJournal journal,
            NodeCredentials credentials) {}

    private Prepared prepare() throws IOException {
        home.create();
        NodeTruth truth = NodeTruth.next(NodeTruth.read(home), System.currentTimeMillis());
        // Before the first word to anybody: a later life must know that this number was used.
        truth.write(home);
        return new Prepared(
                truth,
                KeptOrders.read(home),
                gateways.get(),
                GuardJournal.open(home, config.key(), truth.incarnation()),
                NodeCredentials.of(home, config.proof().joinToken()));
    }

    private Future<Void> begin(Prepared prepared) {
        PortLayout layout = prepared.program().layout();
        Gateway gateway = prepared.program().make(vertx, layout, home);
        return gateway.standing()
                .compose(standing -> standing.isPresent() ? Future.succeededFuture(standing) : settled(gateway))
                .map(standing -> {
                    PortLayout before = prepared.truth().layout();
                    if (before != null
                            && standing.isPresent()
                            && !stands(layout, standing.get())
                            && stands(before, standing.get())) {
                        // A gateway that stands keeps the layout that it was started
                        // with; another one is for its next start.
                        Gateway old = prepared.program().make(vertx, before, home);
                        return live(prepared, before, old, standing);
                    }
                    return live(prepared, layout, gateway, standing);
                })
                .mapEmpty();
    }

    /**
     * Ends what a gateway that is gone left behind, before anything is said or tried: a browser that lives on holds a port
     * of the last lease, and would look like a thief in a range that is our own.
     */
    private Future<Optional<Gateway.Standing>> settled(Gateway gateway) {
        return vertx.executeBlocking(() -> Files.exists(home.gatewayFile()))
                .compose(ranBefore -> ranBefore ? gateway.stop() : Future.succeededFuture(true))
                .map(Optional.empty());
    }

    private NodeLifecycle live(
            Prepared prepared, PortLayout layout, Gateway gateway, Optional<Gateway.Standing> standing) {
        RegistryClient client = new RegistryClient(
                vertx,
                config.registriesInTurn(),
                config.key(),
                config.times().answer(),
                RegistryClient.USUAL_CONNECTIONS,
                prepared.credentials(),
                config.proof().authorities());
        RegistryClient line = new RegistryClient(
                vertx,
                config.registriesInTurn(),
                config.key(),
                config.times().answer(),
                1,
                prepared.credentials(),
                config.proof().authorities());
        NodeMeters own = new NodeMeters(this::status);
        NodeHttp http = new NodeHttp(vertx, management, meters, own::bindTo, () -> status().unready());
        NodeLifecycle living = new NodeLifecycle(
                vertx,
                config,
                prepared.program().version(),
                home,
                prepared.truth(),
                prepared.kept(),
                prepared.credentials().joinKey(),
                layout,
                gateway,
                client,
                line,
                http,
                own,
                prepared.journal(),
                ended::tryComplete);
        lifecycle = living;
        living.begin(standing);
        if (leaving) {
            // Told to before it began. It begins all the same: a gateway that stands is stopped by nobody else.
            living.leave();
        }
        return living;
    }

    private static boolean stands(PortLayout layout, Gateway.Standing standing) {
        return layout.footprint().equals(standing.footprint()) && layout.name().equals(standing.layout());
    }

    /** How the node is; from any thread. */
    public NodeStatus status() {
        NodeLifecycle running = lifecycle;
        return running == null ? NodeStatus.begun() : running.status();
    }
}
