package io.gatefleet.node;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.gateway.Gateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A gateway without a process: it listens on its base, and writes down what was done to it. */
final class FakeGateway implements Gateway {
    /** What was done, for example {@code start 20000}, {@code adopt 20000}, {@code stop}. */
    final List<String> done = new CopyOnWriteArrayList<>();

    volatile List<Finding> findings = List.of();
    volatile @Nullable Standing standing;

    /** What the kernel would show as its processes. */
    volatile Set<Integer> pids = Set.of();

    /** The next starts fail with this. */
    volatile @Nullable RuntimeException startFailure;

    private volatile Duration patience = Duration.ofMillis(100);
    private volatile boolean hurried;
    private final Vertx vertx;
    private volatile GatewayState state = GatewayState.STOPPED;
    private volatile Runnable listener = () -> {};
    private volatile @Nullable ServerSocket socket;

    FakeGateway(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Future<Void> start(Lease lease) {
        done.add("start " + lease.base());
        RuntimeException failure = startFailure;
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        hurried = false;
        listen(lease.base());
        become(GatewayState.RUNNING);
        return Future.succeededFuture();
    }

    /** Stands there before the node begins. */
    void standOn(Lease lease) {
        listen(lease.base());
        standing = standing(lease);
    }

    static Standing standing(Lease lease) {
        return new Standing(
                Math.toIntExact(ProcessHandle.current().pid()),
                1,
                lease.base(),
                lease.footprint(),
                lease.layout(),
                lease.fence());
    }

    private void listen(int port) {
        try {
            socket = new ServerSocket(port, 5, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    void become(GatewayState next) {
        state = next;
        listener.run();
    }

    /** Ends by itself. */
    void die() {
        closeSocket();
        become(GatewayState.EXITED);
    }

    @Override
    public Future<Boolean> stop() {
        done.add("stop");
        if (state == GatewayState.RUNNING) {
            become(GatewayState.DRAINING);
        }
        return drained().map(finished -> {
            standing = null;
            closeSocket();
            if (state != GatewayState.STOPPED) {
                become(GatewayState.STOPPED);
            }
            return true;
        });
    }

    /** From now on it takes so long to finish its work, unless it is hurried. */
    void stopTakes(Duration time) {
        patience = time;
    }

    private Future<?> drained() {
        Duration wanted = patience;
        long began = System.nanoTime();
        Promise<Void> over = Promise.promise();
        vertx.setPeriodic(20, tick -> {
            Duration passed = Duration.ofNanos(System.nanoTime() - began);
            if (hurried || passed.compareTo(patience.compareTo(wanted) < 0 ? patience : wanted) >= 0) {
                vertx.cancelTimer(tick);
                over.tryComplete();
            }
        });
        return over.future();
    }

    @Override
    public Future<Boolean> stop(Duration most) {
        done.add("stop within " + most.toSeconds());
        hurried = true;
        return stop();
    }

    @Override
    public Future<Void> hold(boolean on) {
        done.add(on ? "hold" : "let go");
        return Future.succeededFuture();
    }

    @Override
    public Future<List<String>> tail(int lines) {
        return Future.succeededFuture(List.of("line 1", "line 2"));
    }

    void closeSocket() {
        ServerSocket open = socket;
        socket = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Override
    public Future<Optional<Standing>> standing() {
        return Future.succeededFuture(Optional.ofNullable(standing));
    }

    @Override
    public Future<Void> adopt(Standing found, Lease lease) {
        done.add("adopt " + lease.base());
        become(GatewayState.RUNNING);
        return Future.succeededFuture();
    }

    @Override
    public Set<Integer> pids() {
        return pids;
    }

    @Override
    public GatewayReport report() {
        boolean up = state == GatewayState.RUNNING;
        return new GatewayReport(
                state, null, "1", null, 0, null, 0, new Probe(up, up, List.of(), null, 1), findings, null);
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
