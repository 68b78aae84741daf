package io.gatefleet.health;

import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.health.verdict.Transition;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.cluster.Books;
import io.gatefleet.runtime.cluster.Membership;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health-aggregator: a picture of the fleet, what it hears, and the HTTP routes that show it. */
public final class HealthVerticle extends VerticleBase {
    /** The name of the service, of its OpenAPI document too. */
    public static final String SERVICE = "health-aggregator";

    /** A third of the longest usual term: every node that lives has spoken by then. */
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(HealthVerticle.class);

    private final HealthConfig config;
    private final Membership membership;
    private final PrometheusMeterRegistry registry;
    private @Nullable HttpEdge edge;
    private @Nullable BusDesk bus;
    private volatile int port;
    private volatile boolean serving;
    private volatile long partialUntil = System.nanoTime();
    private long tickDue;
    private long lagMillis;

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
        // Above the revisions of every picture before this one, so that nobody who watches sees time run backwards.
        FleetHealth health = new FleetHealth(config.rules(), config.tick(), System.currentTimeMillis(), now);
        HealthMeters meters = new HealthMeters(registry);
        tickDue = now + config.tick().toNanos();
        vertx.setPeriodic(config.tick().toMillis(), id -> tick(health, meters));
        HttpEdge http = HttpEdge.create(vertx, SERVICE, registry, this::unready, config.protection());
        edge = http;
        new HealthHttp(health, () -> fleet(health), System::nanoTime).mount(http.routes());
        BusDesk served = new BusDesk(vertx, membership.lateAskers());
        bus = served;
        return Future.all(
                        served.hear(Instances.BEAT, beat -> heard(health, meters, beat)),
                        served.hear(Commands.OPEN_REQUEST, request -> health.hear(request, System.nanoTime())),
                        served.hear(Instances.DEPARTED, departure -> health.hear(departure, System.nanoTime())))
                .compose(hearing -> fill(health, meters))
                .compose(filled -> http.listen(config.httpHost(), config.httpPort()))
                .onSuccess(actual -> {
                    port = actual;
                    serving = true;
                    log.info("{} listens on {}:{}", SERVICE, config.httpHost(), actual);
                });
    }

    @Override
    public Future<?> stop() {
        serving = false;
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
    private Future<?> fill(FleetHealth health, HealthMeters meters) {
        List<String> registries = membership.others("registry-service");
        return Books.read(vertx.eventBus(), registries, told -> {
                    Lease lease = told.lease();
                    if (lease != null && !told.departed() && told.heardMillisAgo() <= told.termMillis()) {
                        heard(health, meters, beat(told, lease));
                    }
                })
                .onSuccess(answered -> {
                    if (!answered && !registries.isEmpty()) {
                        log.warn("no registry answered; the picture fills within a beat");
                        partialUntil = System.nanoTime() + LONGEST_BEAT.toNanos();
                    }
                });
    }

    private static Beat beat(Remembered told, Lease lease) {
        GuardState guard = lease.state() == LeaseState.CONFIRMED ? GuardState.HELD : GuardState.MISSING;
        return new Beat(
                told.instance(),
                told.word().flavor(),
                new Heartbeat(told.word().incarnation(), told.sequence(), guard, lease, told.report(), null));
    }

    private void heard(FleetHealth health, HealthMeters meters, Beat beat) {
        List<Transition> changes = new ArrayList<>();
        health.hear(beat, System.nanoTime(), changes).ifPresent(meters::heard);
        told(meters, changes);
    }

    private void tick(FleetHealth health, HealthMeters meters) {
        long now = System.nanoTime();
        lagMillis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - tickDue));
        tickDue = now + config.tick().toNanos();
        meters.lag(lagMillis);
        List<Transition> changes = new ArrayList<>();
        health.tick(now, changes);
        told(meters, changes);
        meters.picture(
                health.counts(), health.problems(now), health.selfPreservation().on());
    }

    private static void told(HealthMeters meters, List<Transition> changes) {
        meters.changed(changes);
        for (Transition change : changes) {
            log.info("{}: {} -> {} ({})", change.instance(), change.from(), change.to(), change.reason());
        }
    }

    private FleetHealthView fleet(FleetHealth health) {
        return health.fleet(lagMillis, membership.members(), System.nanoTime());
    }

    private Optional<String> unready() {
        if (!serving) {
            return Optional.of("starting or stopping");
        }
        return System.nanoTime() - partialUntil < 0
                ? Optional.of("the picture is partial: not every node has spoken since this member began to listen")
                : membership.trouble();
    }
}
