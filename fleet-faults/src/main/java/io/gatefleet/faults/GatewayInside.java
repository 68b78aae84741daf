package io.gatefleet.faults;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.GatewayMaker;
import io.gatefleet.node.gateway.InstanceHome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A gateway without a process of its own, so that many fit into one: it listens on its base as a real one does from its
 * start, and dies with the process that it is in.
 */
final class GatewayInside implements Gateway {
    private final AtomicInteger stops = new AtomicInteger();
    private volatile GatewayState state = GatewayState.STOPPED;
    private volatile Runnable listener = () -> {};
    private volatile List<Finding> findings = List.of();
    private volatile @Nullable ServerSocket socket;

    /** Makes this one, for the one node that it is for. */
    GatewayMaker maker() {
        PortLayout layout = Layouts.known().of(Flavor.SIMULATED, null).wide(Set.of());
        return new GatewayMaker() {
            @Override
            public String version() {
                return "inside";
            }

            @Override
            public PortLayout layout() {
                return layout;
            }

            @Override
            public Gateway make(Vertx vertx, PortLayout its, InstanceHome home) {
                return GatewayInside.this;
            }
        };
    }

    /** How often its node stopped it. */
    int stops() {
        return stops.get();
    }

    @Override
    public Future<Void> start(Lease lease) {
        try {
            socket = new ServerSocket(lease.base(), 1, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            return Future.failedFuture(taken);
        }
        become(GatewayState.RUNNING);
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> stop() {
        ServerSocket open = socket;
        socket = null;
        try {
            if (open != null) {
                stops.incrementAndGet();
                open.close();
            }
        } catch (IOException cause) {
            return Future.failedFuture(cause);
        }
        become(GatewayState.STOPPED);
        return Future.succeededFuture(true);
    }

    /** At once, whatever the patience. */
    @Override
    public Future<Boolean> stop(Duration most) {
        return stop();
    }

    /** It never ends unasked. */
    @Override
    public Future<Void> hold(boolean on) {
        return Future.succeededFuture();
    }

    /** It prints nothing. */
    @Override
    public Future<List<String>> tail(int lines) {
        return Future.succeededFuture(List.of());
    }

    private void become(GatewayState next) {
        state = next;
        listener.run();
    }

    @Override
    public Future<Optional<Standing>> standing() {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> adopt(Standing standing, Lease lease) {
        return Future.failedFuture(new IllegalStateException("it died with its process"));
    }

    /** None of its own: whatever its process listens on belongs to somebody in it. */
    @Override
    public Set<Integer> pids() {
        return Set.of();
    }

    @Override
    public GatewayReport report() {
        boolean up = state == GatewayState.RUNNING;
        return new GatewayReport(
                state, null, "inside", null, 0, null, 0, new Probe(up, up, List.of(), null, 1), findings, null);
    }

    @Override
    public void onChange(Runnable changed) {
        listener = changed;
    }

    @Override
    public void findings(List<Finding> fromNode) {
        findings = List.copyOf(fromNode);
        listener.run();
    }
}
