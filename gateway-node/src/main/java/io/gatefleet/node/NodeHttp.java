package io.gatefleet.node;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.HttpEdge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's management port: {@code /livez}, {@code /readyz} and {@code /metrics} on 127.0.0.1, on the port of its lease
 * that no known gateway binds. Open while the lease is held; a layout without such a port has none.
 */
final class NodeHttp {
    private static final Logger log = LoggerFactory.getLogger(NodeHttp.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx;
    private final PrometheusMeterRegistry meters;
    private final Supplier<Optional<String>> unready;
    private @Nullable HttpEdge edge;
    private PortSet ports = PortSet.EMPTY;

    NodeHttp(Vertx vertx, PrometheusMeterRegistry meters, Supplier<Optional<String>> unready) {
        this.vertx = vertx;
        this.meters = meters;
        this.unready = unready;
    }

    /** Opens it in a range that is held. A failure is said and changes nothing else: supervision needs no such port. */
    void open(PortLayout layout, Lease lease) {
        OptionalInt port = layout.port(PortLayout.MANAGEMENT, lease.base());
        if (edge != null || port.isEmpty()) {
            return;
        }
        HttpEdge opening = HttpEdge.create(vertx, "gateway-node", meters, unready::get);
        edge = opening;
        ports = PortSet.of(port.getAsInt());
        opening.listen(LOOPBACK, port.getAsInt())
                .onSuccess(open -> log.info("{} answers on http://{}:{}", lease.holder(), LOOPBACK, open))
                .onFailure(failure -> {
                    log.warn(
                            "{} has no management port: {} is taken: {}",
                            lease.holder(),
                            port.getAsInt(),
                            failure.getMessage());
                    if (edge == opening) {
                        edge = null;
                        ports = PortSet.EMPTY;
                    }
                });
    }

    /** Where the node itself listens. */
    PortSet ports() {
        return ports;
    }

    Future<Void> close() {
        HttpEdge closing = edge;
        edge = null;
        ports = PortSet.EMPTY;
        return closing == null ? Future.succeededFuture() : closing.close();
    }
}
