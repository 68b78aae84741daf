package io.gatefleet.cli.fleet;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.DecisionJournal;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.health.HealthConfig;
import io.gatefleet.health.HealthVerticle;
import io.gatefleet.node.port.PortProbe;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.cluster.Membership;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Registry, allocator and aggregator in this JVM, on the local bus. */
final class ControlPlane {
    static final String ADDRESS = "127.0.0.1";
    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 20;

    private final Vertx vertx;
    private final DecisionJournal decisions;
    private final FleetPlan.Ports ports;

    private ControlPlane(Vertx vertx, DecisionJournal decisions, FleetPlan.Ports ports) {
        this.vertx = vertx;
        this.decisions = decisions;
        this.ports = ports;
    }

    /**
     * Starts all three.
     *
     * @param onBeat is told every word of every node, on an event loop: must not block
     * @throws CannotGoOn that names who holds it if a port is taken
     */
    static ControlPlane start(FleetPlan plan, Consumer<Beat> onBeat) throws TimeoutException, IOException {
        DecisionJournal decisions = DecisionJournal.open(
                plan.home().resolve("journal").resolve("port-allocator.jsonl"), "port-allocator of up");
        PrometheusMeterRegistry registryMeters = Meters.of("registry-service");
        // Three small services share this JVM: the usual two loops per core and twenty workers would only cost memory.
        Vertx vertx = ServiceProcess.vertx(
                registryMeters,
                new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4).setInternalBlockingPoolSize(4));
        RegistryVerticle registry = new RegistryVerticle(
                RegistryConfig.defaults().listeningOn(ADDRESS, plan.ports().registry()),
                Membership.ALONE,
                registryMeters,
                AuditLog.open(plan.home().resolve("audit.jsonl"), RegistryVerticle.SERVICE));
        AllocatorVerticle allocator = new AllocatorVerticle(
                AllocatorConfig.defaults()
                        .withHttp(ADDRESS, plan.ports().allocator())
                        .withPool(plan.pool())
                        .withReservations(plan.home().resolve("reservations.json")),
                new InMemoryLedgerStore(decisions),
                Meters.of("port-allocator"));
        HealthVerticle health = new HealthVerticle(
                HealthConfig.defaults().listeningOn(ADDRESS, plan.ports().health()), Meters.of("health-aggregator"));
        try {
            Future.all(
                            vertx.deployVerticle(registry),
                            vertx.deployVerticle(allocator),
                            vertx.deployVerticle(health),
                            Instances.ANNOUNCED.hear(
                                    vertx.eventBus(), told -> told.asBeat().ifPresent(onBeat)))
                    .await(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception cause) { // also what await throws undeclared: the cause as it is
            // To the end: what this process itself listens on must not look like somebody else's.
            vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
            decisions.close();
            if (isTaken(cause)) {
                throw taken(plan.ports());
            }
            throw cause;
        }
        return new ControlPlane(
                vertx, decisions, new FleetPlan.Ports(registry.port(), allocator.port(), health.port()));
    }

    /** Where they listen. */
    FleetPlan.Ports ports() {
        return ports;
    }

    static String url(int port) {
        return "http://" + ADDRESS + ":" + port;
    }

    /** Stops to listen; what is under way is answered first. */
    void close() throws TimeoutException {
        try {
            vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } finally {
            decisions.close();
        }
    }

    private static boolean isTaken(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static CannotGoOn taken(FleetPlan.Ports wanted) {
        PortSet ports = PortSet.of(IntStream.of(wanted.registry(), wanted.allocator(), wanted.health())
                .filter(port -> port != 0)
                .toArray());
        List<BusyPort> busy = PortProbe.busy(ports, PortSet.EMPTY);
        String who = busy.stream()
                .map(port -> "%s %d is taken by %s"
                        .formatted(
                                option(wanted, port.port()),
                                port.port(),
                                port.command() == null
                                        ? "a process without a name in /proc"
                                        : port.command() + " (pid " + port.pid() + ")"))
                .collect(Collectors.joining("; "));
        return new CannotGoOn(
                Exit.CANNOT_ASK,
                who.isEmpty() ? "a port of " + ports + " was taken for a moment" : who,
                "Choose another one with that option (0: any that is free), or stop what holds it.");
    }

    private static String option(FleetPlan.Ports wanted, int port) {
        if (port == wanted.registry()) {
            return "--registry-port";
        }
        return port == wanted.allocator() ? "--allocator-port" : "--health-port";
    }
}
