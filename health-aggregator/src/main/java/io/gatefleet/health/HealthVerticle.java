package io.gatefleet.health;

import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.health.FleetHealthView.Observer;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Presence;
import io.gatefleet.runtime.cluster.Books;
import io.gatefleet.runtime.cluster.Membership;
import io.gatefleet.runtime.watch.WatchDesk;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health-aggregator: a picture of the fleet, what it hears, and the HTTP routes that show it. */
public final class HealthVerticle extends VerticleBase {
    /** The name of the service, of its OpenAPI document too. */
    public static final String SERVICE = "health-aggregator";

    /** A third of the longest usual term: every node that lives has spoken by then. */
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);

    private static final Duration ASK_FOR_LABELS = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(HealthVerticle.class);

    private final HealthConfig config;
    private final Membership membership;
    private final PrometheusMeterRegistry registry;
    private @Nullable HttpEdge edge;
    private @Nullable BusDesk bus;
    private volatile int port;
    private volatile boolean serving;
    private volatile long partialUntil = System.nanoTime();
    private @Nullable WatchDesk<FleetItem> watchers;

    /** For a service that stands alone. */
    public HealthVerticle(HealthConfig config, PrometheusMeterRegistry meters) {
        this(config, Membership.ALONE, meters);
    }

    public HealthVerticle(HealthConfig config, Membership membership, PrometheusMeterRegistry meters) {
        this.config = config;
        this.membership = membership;
        this.registry = meters;
    }

    @Override
    public Future<?> start() {
        long now = System.nanoTime();
        FleetHealth health = new FleetHealth(config.rules(), config.tick(), now);
        FleetChanges changes = new FleetChanges(
                health,
                new ChangeLog<>(
                        Revision.epoch(System.currentTimeMillis(), new Random()),
                        config.watch().history()));
        SelfObservation self = new SelfObservation(config.tick(), now, System.currentTimeMillis());
        Supplier<Observer> observer = () ->
                self.view(health.heardAt(), membership.members(), membership.trouble(), partial(), System.nanoTime());
        HealthMeters meters =
                new HealthMeters(registry, health.glance(now).reasons().keySet());
        Picture picture = new Picture(vertx, health, changes, self, meters);
        vertx.setPeriodic(config.tick().toMillis(), id -> picture.tick());
        vertx.setPeriodic(ASK_FOR_LABELS.toMillis(), id -> learnLabels(picture));
        HttpEdge http = HttpEdge.create(vertx, SERVICE, registry, this::unready, config.protection());
        edge = http;
        WatchDesk<FleetItem> watched = new WatchDesk<>(
                vertx, new FleetFeed(changes, observer, System::nanoTime), config.watch(), registry, System::nanoTime);
        watchers = watched;
        new HealthHttp(health, changes, watched, observer, System::nanoTime).mount(http.routes());
        new PortsHttp(vertx.eventBus()).mount(http.routes());
        PageHttp.mount(http.routes());
        http.routes().onAccessChange(watched::recheck);
        BusDesk served = new BusDesk(vertx, membership.lateAskers());
        bus = served;
        return Future.all(
                        served.hear(Instances.ANNOUNCED, picture::heard),
                        served.hear(Commands.OPEN_REQUEST, picture::heard))
                .compose(hearing -> fill(picture))
                .compose(filled -> http.listen(config.httpHost(), config.httpPort()))
                .onSuccess(actual -> {
                    port = actual;
                    serving = true;
                    Presence.tell(vertx, membership, SERVICE, config.httpHost(), actual, config.protection());
                    log.info("{} listens on {}:{}", SERVICE, config.httpHost(), actual);
                });
    }

    @Override
    public Future<?> stop() {
        serving = false;
        WatchDesk<FleetItem> watched = watchers;
        if (watched != null) {
            watched.close();
        }
        BusDesk served = bus;
        HttpEdge http = edge;
        return (served == null ? Future.<Void>succeededFuture() : served.close())
                .compose(quiet -> http == null ? Future.succeededFuture() : http.close());
    }

    /** The port that the service listens on; 0 before it does. */
    public int port() {
        return port;
    }

    /** What nodes said before this member was there, as a registry remembers it; no news is taken from it. */
    private Future<?> fill(Picture picture) {
        List<String> registries = membership.others("registry-service");
        return Books.read(vertx.eventBus(), registries, told -> {
                    picture.known(told);
                    Lease lease = told.lease();
                    if (lease != null && !told.departed() && told.heardMillisAgo() <= told.termMillis()) {
                        picture.heard(beat(told, lease));
                    }
                })
                .onSuccess(answered -> {
                    if (!answered && !registries.isEmpty()) {
                        log.warn("no registry knows the fleet; the picture fills within a beat");
                        partialUntil = System.nanoTime() + LONGEST_BEAT.toNanos();
                    }
                });
    }

    /** News may be lost, and labels are told but once. */
    private void learnLabels(Picture picture) {
        List<String> registries = membership.others("registry-service");
        if (!registries.isEmpty() && picture.lacksLabels()) {
            Books.read(vertx.eventBus(), registries, picture::known);
        }
    }

    private static Beat beat(Remembered told, Lease lease) {
        GuardState guard = lease.state() == LeaseState.CONFIRMED ? GuardState.HELD : GuardState.MISSING;
        return new Beat(
                told.instance(),
                told.word().flavor(),
                new Heartbeat(told.word().incarnation(), told.sequence(), guard, lease, told.report(), null));
    }

    private Optional<String> partial() {
        return System.nanoTime() - partialUntil < 0
                ? Optional.of("the picture is partial: not every node has spoken since this member began to listen")
                : Optional.empty();
    }

    private Optional<String> unready() {
        return serving ? partial().or(membership::trouble) : Optional.of("starting or stopping");
    }
}
