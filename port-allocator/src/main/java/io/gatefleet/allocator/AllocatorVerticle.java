package io.gatefleet.allocator;

import io.gatefleet.allocator.store.LedgerStore;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port-allocator: the desk on the bus, the operator's side on HTTP, and the sweep. */
public final class AllocatorVerticle extends VerticleBase {
    private static final String SERVICE = "port-allocator";
    private static final Logger log = LoggerFactory.getLogger(AllocatorVerticle.class);

    private final AllocatorConfig config;
    private final LedgerStore store;
    private final PrometheusMeterRegistry meters;
    private @Nullable Integer port;
    private boolean sweeping;

    public AllocatorVerticle(AllocatorConfig config, LedgerStore store, PrometheusMeterRegistry meters) {
        this.config = config;
        this.store = store;
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
            HttpEdge edge = HttpEdge.create(vertx, SERVICE, meters, Readiness.ALWAYS);
            new AllocatorHttp(desk).mount(edge.router());
            vertx.setPeriodic(config.times().sweep().toMillis(), tick -> sweep(desk));
            return Future.all(
                            Leases.ACQUIRE.serve(vertx.eventBus(), desk::acquire),
                            Leases.RENEW.serve(vertx.eventBus(), desk::renew),
                            Leases.RELEASE.serve(vertx.eventBus(), desk::release))
                    .compose(served -> edge.listen(config.httpHost(), config.httpPort()))
                    .onSuccess(bound -> {
                        port = bound;
                        log.info("{} listens on {}:{} and lends {}", SERVICE, config.httpHost(), bound, config.pool());
                    });
        });
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
