package io.gatefleet.registry;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Presence;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.cluster.Membership;
import io.gatefleet.runtime.watch.WatchDesk;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry-service: a book, a desk, and the two ways to it, HTTP and the bus. */
public final class RegistryVerticle extends VerticleBase {
    /** The name of the service, of its OpenAPI document too. */
    public static final String SERVICE = "registry-service";

    private static final long SWEEP_MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(RegistryVerticle.class);

    private final RegistryConfig config;
    private final Membership membership;
    private final PrometheusMeterRegistry meters;
    private final AuditLog audit;
    private @Nullable HttpEdge edge;
    private @Nullable CommandDesk commands;
    private @Nullable BusDesk bus;
    private @Nullable WatchDesk<InstanceView> watchers;
    private volatile int port;
    private volatile boolean serving;

    /** For a service that stands alone. */
    public RegistryVerticle(RegistryConfig config, PrometheusMeterRegistry meters) {
        this(config, Membership.ALONE, meters);
    }

    public RegistryVerticle(RegistryConfig config, Membership membership, PrometheusMeterRegistry meters) {
        this(config, membership, meters, AuditLog.NONE);
    }

    /** @param audit who asked what of whom is written there */
    public RegistryVerticle(
            RegistryConfig config, Membership membership, PrometheusMeterRegistry meters, AuditLog audit) {
        this.audit = audit;
        this.config = config;
        this.membership = membership;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        long startedAt = System.nanoTime();
        ChangeLog<InstanceView> changes = new ChangeLog<>(
                Revision.epoch(System.currentTimeMillis(), new Random()),
                config.watch().history());
        InstanceBook book = new InstanceBook(config.forgetDeparted(), config.forgetSilent(), changes);
        LedgerClient ledger = new LedgerClient(vertx, membership, config.askTimeout(), config.retryAfter());
        Learning learning = new Learning(config.learn(), System::nanoTime);
        RegistryMeters counted = new RegistryMeters(meters);
        InstanceDesk desk = new InstanceDesk(book, ledger, config.pacing(), new News(vertx), System::nanoTime, counted);
        CommandDesk asked = new CommandDesk(vertx, membership, book, audit, counted, System::nanoTime);
        commands = asked;
        vertx.setPeriodic(SWEEP_MILLIS, tick -> desk.sweep());
        HttpEdge http = HttpEdge.create(vertx, SERVICE, meters, this::unready, config.protection());
        edge = http;
        WatchDesk<InstanceView> watched = new WatchDesk<>(
                vertx,
                new InstanceFeed(book, changes, System::nanoTime, () -> observer(startedAt)),
                config.watch(),
                meters,
                System::nanoTime);
        watchers = watched;
        new RegistryHttp(desk, book, watched, learning, System::nanoTime, config.protection()).mount(http.routes());
        new CommandHttp(asked, book, System::nanoTime).mount(http.routes());
        http.routes().onAccessChange(watched::recheck);
        http.routes().onAccessChange(asked.requests()::recheck);
        TargetsHttp targets = new TargetsHttp(book, membership, learning, System::nanoTime);
        targets.mount(http.routes());
        BusDesk served = new BusDesk(vertx, membership.lateAskers());
        bus = served;
        return vertx.executeBlocking(RegistryVerticle::prepareWords)
                .compose(ready -> new Peers(vertx, membership, book, learning, System::nanoTime).join(served))
                .compose(known -> Future.all(asked.join(served), targets.join(served)))
                .compose(heard -> Future.all(
                        served.serve(Instances.REGISTER, desk::register),
                        served.serve(Instances.HEARTBEAT, desk::heartbeat),
                        served.serve(Instances.DEREGISTER, desk::deregister)))
                .compose(all -> http.listen(config.httpHost(), config.httpPort()))
                .onSuccess(actual -> {
                    port = actual;
                    serving = true;
                    Presence.tell(vertx, membership, SERVICE, config.httpHost(), actual, config.protection());
                    log.info("{} listens on {}:{}", SERVICE, config.httpHost(), actual);
                });
    }

    /** What it asks the allocator, and what it says to nodes: the first of them shall not wait for it. */
    private static boolean prepareWords() {
        Wire.LENIENT.prepare(AcquireLease.class, RenewLease.class, ReleaseLease.class, LeaseReply.class);
        Wire.STRICT.prepare(Registration.class, HeartbeatReply.class, Problem.class);
        return true;
    }

    @Override
    public Future<?> stop() {
        serving = false;
        BusDesk served = bus;
        HttpEdge http = edge;
        CommandDesk asked = commands;
        if (asked != null) {
            asked.close();
        }
        WatchDesk<InstanceView> watched = watchers;
        if (watched != null) {
            watched.close();
        }
        return (served == null ? Future.<Void>succeededFuture() : served.close())
                .compose(quiet -> http == null ? Future.succeededFuture() : http.close())
                .eventually(() -> vertx.executeBlocking(() -> {
                    audit.close();
                    return true;
                }));
    }

    /** The port that the service listens on; 0 before it does. */
    public int port() {
        return port;
    }

    private RegistryObserver observer(long startedAt) {
        return new RegistryObserver(
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt),
                membership.members(),
                membership.trouble().orElse(null));
    }

    private Optional<String> unready() {
        return serving ? membership.trouble() : Optional.of("starting or stopping");
    }
}
