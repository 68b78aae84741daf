package io.gatefleet.bench.zookeeper;

import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.bench.load.Slots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Ranges in ZooKeeper, as a team would build them with Curator: one ephemeral node for each slot of a host's pool, created
 * by one client only. A renewal is a versioned write to it: what ZooKeeper renews by itself is a client's session, with
 * all that it holds, and no word of one lease. A release deletes the node.
 */
final class ZooKeeperDoor implements Door {
    private static final String ROOT = "/ranges";
    private static final int SESSION_MILLIS = 30_000;
    private static final int CONNECT_SECONDS = 30;

    private final List<CuratorFramework> clients = new ArrayList<>();
    private final Map<String, CompletableFuture<String>> hosts = new ConcurrentHashMap<>();

    private ZooKeeperDoor() {}

    /**
     * Connects. Blocks.
     *
     * @param connections {@code HOST:PORT} of each client's server; callers are spread over the clients
     */
    static ZooKeeperDoor open(List<String> connections) throws InterruptedException {
        ZooKeeperDoor door = new ZooKeeperDoor();
        for (String connection : connections) {
            CuratorFramework client = CuratorFrameworkFactory.builder()
                    .connectString(connection)
                    .sessionTimeoutMs(SESSION_MILLIS)
                    .retryPolicy(new RetryOneTime(100))
                    .build();
            door.clients.add(client);
            client.start();
            if (!client.blockUntilConnected(CONNECT_SECONDS, TimeUnit.SECONDS)) {
                door.close();
                throw new IllegalStateException("no connection to ZooKeeper at " + connection);
            }
        }
        return door;
    }

    /** A node that is held, and its version. */
    private static final class Node {
        private final String path;
        private int version;

        Node(String path) {
            this.path = path;
        }
    }

    @Override
    public Executor thread(int caller) {
        return Runnable::run;
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        CuratorFramework client = client(caller);
        return host(client, seat.host()).thenCompose(host -> create(client, host, seat, Slots.first(seat)));
    }

    /** The parent of a host's slots, made once. */
    private CompletableFuture<String> host(CuratorFramework client, String name) {
        return hosts.computeIfAbsent(name, host -> {
            String path = ROOT + "/" + host;
            CompletableFuture<String> made = new CompletableFuture<>();
            said(
                    made,
                    callback -> client.create()
                            .creatingParentsIfNeeded()
                            .withMode(CreateMode.PERSISTENT)
                            .inBackground(callback)
                            .forPath(path, new byte[0]),
                    event -> {
                        if (event.getResultCode() != Code.NODEEXISTS.intValue()) {
                            check(event);
                        }
                        made.complete(path);
                    });
            return made;
        });
    }

    private static CompletionStage<Grant> create(CuratorFramework client, String host, Seat seat, int slot) {
        String path = host + "/" + slot;
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        said(
                mine,
                callback -> client.create()
                        .withMode(CreateMode.EPHEMERAL)
                        .inBackground(callback)
                        .forPath(path, holder(seat)),
                event -> {
                    boolean taken = event.getResultCode() == Code.NODEEXISTS.intValue();
                    if (!taken) {
                        check(event);
                    }
                    mine.complete(!taken);
                });
        return mine.thenCompose(got -> got
                ? CompletableFuture.completedStage(new Grant(seat, Seat.base(slot), new Node(path)))
                : taken(client, host, slot).thenCompose(taken -> create(client, host, seat, Slots.next(taken))));
    }

    private static CompletionStage<BitSet> taken(CuratorFramework client, String host, int seen) {
        CompletableFuture<BitSet> taken = new CompletableFuture<>();
        said(taken, callback -> client.getChildren().inBackground(callback).forPath(host), event -> {
            check(event);
            BitSet slots = new BitSet();
            event.getChildren().forEach(name -> slots.set(Integer.parseInt(name)));
            // Its own server may not have heard of it yet.
            slots.set(seen);
            taken.complete(slots);
        });
        return taken;
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        Node node = (Node) grant.proof();
        CompletableFuture<Void> renewed = new CompletableFuture<>();
        said(
                renewed,
                callback -> client(caller)
                        .setData()
                        .withVersion(node.version)
                        .inBackground(callback)
                        .forPath(node.path, holder(grant.seat())),
                event -> {
                    check(event);
                    node.version = event.getStat().getVersion();
                    renewed.complete(null);
                });
        return renewed;
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        Node node = (Node) grant.proof();
        CompletableFuture<Void> released = new CompletableFuture<>();
        said(
                released,
                callback -> client(caller)
                        .delete()
                        .withVersion(node.version)
                        .inBackground(callback)
                        .forPath(node.path),
                event -> {
                    check(event);
                    released.complete(null);
                });
        return released;
    }

    private CuratorFramework client(int caller) {
        return clients.get(caller % clients.size());
    }

    private static byte[] holder(Seat seat) {
        return seat.instance().getBytes(StandardCharsets.UTF_8);
    }

    private static void check(CuratorEvent event) {
        if (event.getResultCode() != Code.OK.intValue()) {
            throw new IllegalStateException(
                    event.getType() + " " + event.getPath() + ": " + Code.get(event.getResultCode()));
        }
    }

    private interface Asking {
        void ask(BackgroundCallback callback) throws Exception;
    }

    private interface Hearing {
        void hear(CuratorEvent event);
    }

    /** Asks, and lets whatever goes wrong be the answer's failure. */
    private static void said(CompletableFuture<?> answer, Asking asking, Hearing hearing) {
        try {
            asking.ask((client, event) -> {
                try {
                    hearing.hear(event);
                } catch (RuntimeException cause) {
                    answer.completeExceptionally(cause);
                }
            });
        } catch (Exception cause) { // Curator declares no less
            answer.completeExceptionally(cause);
        }
    }

    @Override
    public void close() {
        clients.forEach(CuratorFramework::close);
    }
}
