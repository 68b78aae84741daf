package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.runtime.watch.WatchRules;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watchers behind a network that drops connections at any byte, while the fleet changes. */
class BrokenConnectionsIT {
    private static final int CHANGES = 3000;

    /** Short, so that some come back too late. */
    private static final WatchRules RULES = new WatchRules(Duration.ofMillis(100), 100, 256, Duration.ofSeconds(2));

    private final RegistryUnderTest registry =
            new RegistryUnderTest(RegistryConfig.defaults().withWatch(RULES));
    private final Random random = new Random(20261128);
    private volatile boolean over;

    @SuppressWarnings("NullAway.Init")
    private DroppingProxy proxy;

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
        proxy = new DroppingProxy(registry.vertx, registry.port(), random);
        RegistryUnderTest.await(proxy.listen());
    }

    @AfterEach
    void close() throws TimeoutException {
        over = true;
        registry.close();
    }

    @Test
    void nobodySeesAGapADuplicateOrAnotherOrder() throws TimeoutException {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            leases.add(registry.join(Words.key("mill", "g" + i), 1));
        }
        List<Persistent> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(new Persistent(i % 3 == 2 ? "/v1/watch?state=running" : "/v1/watch"));
        }
        all.forEach(Persistent::goOn);
        for (int change = 1; change <= CHANGES; change++) {
            Lease lease = leases.get(random.nextInt(leases.size()));
            GatewayState state = random.nextBoolean() ? GatewayState.RUNNING : GatewayState.BACKOFF;
            registry.heartbeat(lease.holder(), Words.beat(lease, change, state));
        }
        proxy.dropNothingMore();

        for (Persistent one : all) {
            Map<String, JsonObject> expected = listed(one.path.replace("/v1/watch", ""));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(ageless(one.reader.copy)).isEqualTo(expected));
            assertThat(one.reader.faults).as("of %s", one.path).isEmpty();
        }
        int drops = all.stream().mapToInt(one -> one.connections.get() - 1).sum();
        int resumed = all.stream().mapToInt(one -> one.resumed.get()).sum();
        int compacted = all.stream().mapToInt(one -> one.compacted.get()).sum();
        System.out.printf(
                "watch: %d changes, 6 clients, %d drops, %d resumed, %d began again%n",
                CHANGES, drops, resumed, compacted);
        assertThat(drops).as("a test of drops").isGreaterThan(50);
        assertThat(resumed).isGreaterThan(20);
    }

    private Map<String, JsonObject> listed(String query) throws TimeoutException {
        Map<String, JsonObject> listed = new TreeMap<>();
        registry.get("/v1/instances" + query)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .forEach(item -> {
                    JsonObject key = ((JsonObject) item).getJsonObject("key");
                    listed.put(key.getString("host") + "/" + key.getString("instance"), (JsonObject) item);
                });
        return ageless(listed);
    }

    private static Map<String, JsonObject> ageless(Map<String, JsonObject> items) {
        Map<String, JsonObject> same = new TreeMap<>();
        items.forEach((key, item) -> {
            JsonObject copy = item.copy();
            copy.remove("heardMillisAgo");
            same.put(key, copy);
        });
        return same;
    }

    /** Comes back whenever it is cut off. */
    private final class Persistent {
        final EventReader reader = new EventReader(registry.vertx, proxy.port());
        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger resumed = new AtomicInteger();
        final AtomicInteger compacted = new AtomicInteger();
        final String path;

        Persistent(String path) {
            this.path = path;
            reader.gapless = path.equals("/v1/watch");
        }

        void goOn() {
            if (over) {
                return;
            }
            connections.incrementAndGet();
            if (!reader.synced) {
                reader.forget();
            }
            boolean resumes = reader.last != null;
            reader.connect(path)
                    .onComplete(
                            answer -> {
                                if (reader.status == 410) {
                                    compacted.incrementAndGet();
                                    reader.forget();
                                } else if (resumes) {
                                    resumed.incrementAndGet();
                                }
                                reader.whenOver(this::soon);
                            },
                            refused -> soon());
        }

        private void soon() {
            // Some are away for so long that what they missed had to make room.
            int away = random.nextInt(20) == 0 ? 1500 : 20;
            registry.vertx.setTimer(1 + random.nextInt(away), later -> goOn());
        }
    }

    /** A network between clients and the registry that ends every connection after some bytes, wherever that is. */
    private static final class DroppingProxy {
        private final NetServer server;
        private final NetClient client;
        private final int target;
        private final Random random;
        private volatile boolean calm;

        DroppingProxy(Vertx vertx, int target, Random random) {
            this.server = vertx.createNetServer();
            this.client = vertx.createNetClient();
            this.target = target;
            this.random = random;
        }

        io.vertx.core.Future<?> listen() {
            return server.connectHandler(this::join).listen(0, "127.0.0.1");
        }

        int port() {
            return server.actualPort();
        }

        void dropNothingMore() {
            calm = true;
        }

        private void join(NetSocket near) {
            near.pause();
            int[] left = {100 + random.nextInt(40_000)};
            client.connect(target, "127.0.0.1")
                    .onComplete(
                            far -> {
                                near.handler(far::write);
                                near.closeHandler(gone -> far.close());
                                far.closeHandler(gone -> near.close());
                                far.handler(bytes -> {
                                    left[0] -= bytes.length();
                                    if (calm || left[0] > 0) {
                                        near.write(bytes);
                                    } else {
                                        near.write(bytes.slice(0, Math.max(0, bytes.length() + left[0])))
                                                .onComplete(part -> near.close());
                                        left[0] = Integer.MIN_VALUE / 2;
                                    }
                                });
                                near.resume();
                            },
                            refused -> near.close());
        }
    }
}
