package io.gatefleet.faults;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.runtime.LocalBus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Many nodes of one host in this process, named {@code NAME-0}, {@code NAME-1} and so on. */
public final class GuardedNodes implements AutoCloseable {
    private static final int THREADS = 16;

    private final Vertx vertx;
    private final List<GuardedNode> nodes;

    private GuardedNodes(Vertx vertx, List<GuardedNode> nodes) {
        this.vertx = vertx;
        this.nodes = List.copyOf(nodes);
    }

    /** Begins all of them; the leases come later. */
    public static GuardedNodes start(Path fleet, HostId host, String name, int count, List<URI> registries)
            throws IOException, TimeoutException {
        Vertx vertx = LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(THREADS), null);
        List<GuardedNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InstanceKey key = new InstanceKey(host, new InstanceId(name + "-" + i));
            nodes.add(GuardedNode.start(vertx, fleet, key, registries));
        }
        return new GuardedNodes(vertx, nodes);
    }

    public List<GuardedNode> all() {
        return nodes;
    }

    /** How many stand confirmed under their guards, as they know themselves. */
    public int standing() {
        return (int) nodes.stream().filter(GuardedNode::stands).count();
    }

    /** How many gateways their nodes have stopped. */
    public int gatewayStops() {
        return nodes.stream().mapToInt(GuardedNode::gatewayStops).sum();
    }

    /** From now on the watch wants every one of them where it stands. */
    public void watchedBy(KernelWatch watch) {
        for (GuardedNode node : nodes) {
            node.lease()
                    .ifPresent(lease ->
                            watch.watch(lease.base(), ProcessHandle.current().pid()));
        }
    }

    /** Drains all at once. */
    @Override
    public void close() throws TimeoutException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Boolean>> ends = new ArrayList<>();
            for (GuardedNode node : nodes) {
                ends.add(() -> {
                    node.close();
                    return true;
                });
            }
            for (Future<Boolean> end : threads.invokeAll(ends, 90, TimeUnit.SECONDS)) {
                end.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a node did not end in order", failed.getCause());
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
