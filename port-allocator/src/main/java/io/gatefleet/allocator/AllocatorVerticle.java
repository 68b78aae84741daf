package io.gatefleet.allocator;

import io.gatefleet.allocator.store.LedgerStore;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Presence;
import io.gatefleet.runtime.cluster.Membership;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port-allocator: the desk on the bus, the operator's side on HTTP, and the sweep. */
public final class AllocatorVerticle extends VerticleBase {
    /** The name of the service, of its OpenAPI document too. */
    public static final String SERVICE = "port-allocator";

    /** How long a change on one allocator may be unknown to another. */
    private static final long TELL_RESERVATIONS_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(AllocatorVerticle.class);

    private final AllocatorConfig config;
    private final LedgerStore store;
    private final Membership membership;
    private final PrometheusMeterRegistry meters;
    private @Nullable HttpEdge edge;
    private @Nullable BusDesk bus;
    private @Nullable Integer port;
    private volatile boolean serving;
    private boolean sweeping;

    /** For a service that stands alone. */
    public AllocatorVerticle(AllocatorConfig config, LedgerStore store, PrometheusMeterRegistry meters) {
        this(config, store, Membership.ALONE, meters);
    }

    public AllocatorVerticle(
            AllocatorConfig config, LedgerStore store, Membership membership, PrometheusMeterRegistry meters) {
        this.config = config;
        this.store = store;
        this.membership = membership;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        return Reservations.open(vertx, config.reservations()).compose(reservations -> {
            LeaseDesk desk = new LeaseDesk(
                    store,
                    config,
                    reservations,
                    new Sweeper(config.times(), System::nanoTime),
                    new LeaseMeters(meters),
                    () -> System.currentTimeMillis() / 1000);
            HttpEdge http = HttpEdge.create(vertx, SERVICE, meters, this::unready, config.protection());
            edge = http;
            new AllocatorHttp(desk).mount(http.routes());
            BusDesk served = new BusDesk(vertx, membership.lateAskers());
            bus = served;
            vertx.setPeriodic(config.times().sweep().toMillis(), tick -> sweep(desk));
            return share(reservations, served)
                    .compose(shared -> Future.all(
                            serve(served, Leases.ACQUIRE, desk::acquire),
                            serve(served, Leases.RENEW, desk::renew),
                            serve(served, Leases.RELEASE, desk::release),
                            served.serve(Leases.PORTS, desk::ports)))
                    .compose(all -> http.listen(config.httpHost(), config.httpPort()))
                    .onSuccess(bound -> {
                        port = bound;
                        serving = true;
                        Presence.tell(vertx, membership, SERVICE, config.httpHost(), bound, config.protection());
                        log.info("{} listens on {}:{} and lends {}", SERVICE, config.httpHost(), bound, config.pool());
                    });
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

    /** For whoever asks any allocator, and for those who know that this one keeps the ledger. */
    private <Q> Future<?> serve(
            BusDesk served, Exchange<Q, LeaseReply> exchange, Function<Q, Future<LeaseReply>> handler) {
        return served.serve(exchange, handler).compose(any -> served.serve(exchange.of(membership.id()), handler));
    }

    /** Allocators hear each other's reservations; who has newer ones than were told tells them, so that all agree soon. */
    private Future<?> share(Reservations reservations, BusDesk served) {
        if (membership == Membership.ALONE) {
            return Future.succeededFuture();
        }
        vertx.setPeriodic(0, TELL_RESERVATIONS_MILLIS, tick -> tell(reservations));
        return served.hear(Leases.RESERVATIONS, told -> {
            if (told.revision() < reservations.revision()) {
                tell(reservations);
            } else {
                reservations
                        .learn(told)
                        .onFailure(cause -> log.warn("another allocator's reservations cannot be kept", cause));
            }
        });
    }

    private void tell(Reservations reservations) {
        Leases.RESERVATIONS.tell(vertx.eventBus(), reservations.book());
    }

    private Optional<String> unready() {
        return serving ? membership.trouble() : Optional.of("starting or stopping");
    }

    /** The HTTP port, once deployed. */
    public int port() {
        if (port == null) {
            throw new IllegalStateException("not deployed yet");
        }
        return port;
    }

    private void sweep(LeaseDesk desk) {
        if (sweeping) {
            return; // A slow store must not be asked twice for the same.
        }
        sweeping = true;
        desk.sweep()
                .onFailure(cause -> log.warn("sweep failed; what is due now is done in the next one", cause))
                .onComplete(done -> sweeping = false);
    }
}
