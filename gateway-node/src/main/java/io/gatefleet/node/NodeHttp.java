package io.gatefleet.node;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's management port: {@code /livez}, {@code /readyz} and {@code /metrics}, on the port of its lease that no known
 * gateway binds; on 127.0.0.1 unless the operator says otherwise. Open while the lease is held; a layout without such a port has none.
 */
final class NodeHttp {
    private static final Logger log = LoggerFactory.getLogger(NodeHttp.class);

    private final Vertx vertx;
    private final Management management;
    private final Supplier<PrometheusMeterRegistry> makeMeters;
    private final Consumer<PrometheusMeterRegistry> bind;
    private final Readiness readiness;
    private @Nullable PrometheusMeterRegistry meters;
    private @Nullable Future<HttpEdge> opened;
    private PortSet ports = PortSet.EMPTY;

    /**
     * @param management where it listens, and whom it answers
     * @param makeMeters called once, on a worker, when the port is opened first: a node that has no lease yet has better
     *     things to do than to load a meter library, which is a fifth of its way to a lease
     * @param bind adds the node's own meters
     */
    NodeHttp(
            Vertx vertx,
            Management management,
            Supplier<PrometheusMeterRegistry> makeMeters,
            Consumer<PrometheusMeterRegistry> bind,
            Readiness readiness) {
        this.vertx = vertx;
        this.management = management;
        this.makeMeters = makeMeters;
        this.bind = bind;
        this.readiness = readiness;
    }

    /**
     * Opens it in a range that is held; again and again while it fails, which changes nothing else: supervision needs no
     * such port.
     */
    void open(PortLayout layout, Lease lease) {
        OptionalInt port = layout.port(PortLayout.MANAGEMENT, lease.base());
        if (opened != null || port.isEmpty()) {
            return;
        }
        ports = PortSet.of(port.getAsInt());
        Future<HttpEdge> opening = vertx.executeBlocking(this::edge, false)
                .compose(edge -> edge.listen(management.host(), port.getAsInt()).map(edge));
        opened = opening;
        opening.onSuccess(edge ->
                        log.info("{} answers on http://{}:{}", lease.holder(), management.host(), port.getAsInt()))
                .onFailure(failure -> {
                    log.warn(
                            "{} has no management port on {} yet: {}",
                            lease.holder(),
                            port.getAsInt(),
                            failure.getMessage());
                    if (opening.equals(opened)) {
                        opened = null;
                        ports = PortSet.EMPTY;
                    }
                });
    }

    private HttpEdge edge() {
        PrometheusMeterRegistry registry = meters;
        if (registry == null) {
            registry = makeMeters.get();
            bind.accept(registry);
            meters = registry;
        }
        return HttpEdge.create(vertx, "gateway-node", registry, readiness, management.protection());
    }

    /** Where the node itself listens. */
    PortSet ports() {
        return ports;
    }

    /** Completes when nothing listens any more. */
    Future<Void> close() {
        Future<HttpEdge> closing = opened;
        opened = null;
        ports = PortSet.EMPTY;
        return closing == null
                ? Future.succeededFuture()
                : closing.compose(HttpEdge::close, neverOpen -> Future.succeededFuture());
    }
}
