package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.health.verdict.Told;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.runtime.watch.WatchRules;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Very many who watch at once: each is told everything once and in order, and who does not read costs nobody anything. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyWatchersIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int WATCHERS = 200;
    private static final int DEAF = 50;
    private static final int ROUNDS = 20;
    private static final List<InstanceKey> GATEWAYS = IntStream.range(0, 100)
            .mapToObj(number -> Told.key("host-%d/gate-%d".formatted(number / 20, number % 20)))
            .toList();

    private final HealthUnderTest health = new HealthUnderTest(HealthConfig.defaults()
            .withRules(VerdictRules.defaults().withSilence(Duration.ofHours(1), Duration.ofHours(2)))
            .withWatch(new WatchRules(Duration.ofMillis(500), WATCHERS + DEAF, 4_000, Duration.ofSeconds(1))));
    private final List<Socket> sockets = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private HttpClient client;

    @BeforeEach
    void start() throws TimeoutException {
        health.start();
        client = health.vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(WATCHERS));
        say(0, List.of());
        await().atMost(SOON)
                .until(() ->
                        health.get("/v1/fleet/health").bodyAsJsonObject().getInteger("instances") == GATEWAYS.size());
    }

    @AfterEach
    void close() throws IOException, TimeoutException {
        for (Socket socket : sockets) {
            socket.close();
        }
        health.close();
    }

    /** Everybody says the same thing, which is different in each round. */
    private void say(int round, List<Finding> findings) {
        GatewayReport report =
                new GatewayReport(GatewayState.RUNNING, 42, "1.0", null, round, null, 0, Told.GOOD, findings, null);
        GATEWAYS.forEach(key -> health.tell(Told.beat(key, 1, round + 1L, report)));
    }

    @Test
    void twoHundredAreToldEverythingOnceAndInOrder() {
        List<Watching> watchers =
                IntStream.range(0, WATCHERS).mapToObj(number -> watch()).toList();
        await().atMost(SOON).until(() -> watchers.stream().allMatch(watcher -> watcher.synced));

        for (int round = 1; round <= ROUNDS; round++) {
            int now = round;
            say(now, List.of());
            // One after the other: what is told together may be told as one.
            await().atMost(SOON).until(() -> watchers.stream()
                    .allMatch(watcher -> watcher.restarts.size() == GATEWAYS.size()
                            && watcher.restarts.values().stream().allMatch(restarts -> restarts == now)));
        }

        assertThat(watchers).allSatisfy(watcher -> {
            assertThat(watcher.faults).isEmpty();
            assertThat(watcher.events.get()).isGreaterThanOrEqualTo(ROUNDS * GATEWAYS.size());
        });
        assertThat(watchers.stream().map(watcher -> watcher.last).distinct())
                .as("all are at one revision")
                .hasSize(1);
    }

    @Test
    void whoNeverReadsIsCutAndTakesNoMemory() throws IOException, TimeoutException {
        Watching good = watch();
        await().atMost(SOON).until(() -> good.synced);
        long before = heapAfterCollection();
        for (int i = 0; i < DEAF; i++) {
            Socket deaf = new Socket();
            sockets.add(deaf);
            deaf.setReceiveBufferSize(4096);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), health.port()));
            deaf.getOutputStream()
                    .write("GET /v1/fleet/watch HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        // Some may be cut before the last one is there.
        await().atMost(SOON).until(() -> watching() + cut() >= DEAF + 1);

        List<Finding> large =
                Collections.nCopies(GatewayReport.MOST_FINDINGS, new Finding("stranger-in-lease", "x".repeat(500)));
        int round = 0;
        long highest = 0;
        while (watching() > 1 && round < 200) {
            int now = ++round;
            say(now, large);
            await().atMost(SOON).until(() -> good.restarts.values().stream().allMatch(restarts -> restarts == now));
            highest = Math.max(highest, heapAfterCollection());
        }

        assertThat(watching()).as("the one that reads is left").isEqualTo(1);
        assertThat(cut()).isEqualTo(DEAF);
        assertThat(good.faults).isEmpty();
        // The log of 4000 changes holds words of 8 KB, and that is all that may wait for anybody.
        assertThat(highest - before).as("bytes of heap").isLessThan(96L << 20);
    }

    private double watching() {
        return health.meters
                .get("gatefleet.watch.watchers")
                .tag("via", "stream")
                .gauge()
                .value();
    }

    private double cut() {
        return health.meters
                .get("gatefleet.watch.cut")
                .tag("why", "stalled")
                .counter()
                .count();
    }

    private static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private Watching watch() {
        Watching watching = new Watching();
        client.request(HttpMethod.GET, health.port(), "127.0.0.1", "/v1/fleet/watch")
                .compose(request -> request.send())
                .onSuccess(response -> response.handler(watching::read).endHandler(end -> watching.faults.add("ended")))
                .onFailure(cause -> watching.faults.add(cause.toString()));
        return watching;
    }

    /** One watcher and what it was told. Read by one event loop. */
    private static final class Watching {
        /** By key, as last told. */
        final Map<String, Integer> restarts = new ConcurrentHashMap<>();

        final List<String> faults = new CopyOnWriteArrayList<>();
        volatile boolean synced;
        volatile long last = -1;
        final AtomicInteger events = new AtomicInteger();
        private Buffer rest = Buffer.buffer();

        void read(Buffer piece) {
            rest.appendBuffer(piece);
            String text = rest.toString(StandardCharsets.UTF_8);
            int end = text.lastIndexOf("\n\n");
            if (end >= 0) {
                rest = Buffer.buffer(text.substring(end + 2));
                for (String block : text.substring(0, end).split("\n\n", -1)) {
                    take(block);
                }
            }
        }

        private void take(String block) {
            String id = "";
            String type = "";
            String data = "";
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            switch (type) {
                case "" -> {
                    // A comment, or how long to wait before coming back.
                }
                case "snapshot" -> new JsonObject(data).getJsonArray("items").forEach(item -> put((JsonObject) item));
                case "synced" -> {
                    last = Revision.parse(id).number();
                    synced = true;
                }
                case "alive" -> {
                    if (Revision.parse(id).number() != last) {
                        faults.add("alive at " + id + " after " + last);
                    }
                }
                default -> {
                    long number = Revision.parse(id).number();
                    if (number != last + 1) {
                        faults.add(id + " after " + last);
                    }
                    last = number;
                    events.incrementAndGet();
                    put(new JsonObject(data));
                }
            }
        }

        private void put(JsonObject told) {
            JsonObject item = told.getJsonObject("item");
            if (told.getString("key").startsWith("instance/") && item != null) {
                restarts.put(
                        told.getString("key"), item.getJsonObject("gateway").getInteger("restarts"));
            }
        }
    }
}
