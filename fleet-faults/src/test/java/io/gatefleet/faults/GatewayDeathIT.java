package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.health.HealthConfig;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.testing.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real gateways that are killed and nodes that freeze, and somebody who watches: from the fault to the event. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GatewayDeathIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final int NODES = 3;

    /** The same gateway is killed no more often: a third time, its node would wait long before it starts it again. */
    private static final int ROUNDS = 2;

    private static final long DEATH_MILLIS = 1500;
    private static final Duration SUSPECT = Duration.ofSeconds(3);
    private static final Duration SILENT = Duration.ofSeconds(6);

    /** Beyond its deadline a silence may be noticed by so much later. */
    private static final long LATE_MILLIS = 1000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final List<NodeProcess> nodes = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private EmbeddedPlane plane;

    @SuppressWarnings("NullAway.Init")
    private Watcher watcher;

    @BeforeEach
    void start() throws Exception {
        plane = EmbeddedPlane.start(
                HealthConfig.defaults().withRules(VerdictRules.defaults().withSilence(SUSPECT, SILENT)));
        for (int number = 0; number < NODES; number++) {
            NodeProcess node = new NodeProcess(home, key(number), plane.registries());
            nodes.add(node);
            node.start();
        }
        watcher = new Watcher(plane.aggregator().resolve("/v1/fleet/watch?kind=instance"));
    }

    @AfterEach
    void close() throws Exception {
        watcher.close();
        for (NodeProcess node : nodes) {
            node.close();
        }
        plane.close();
    }

    private static InstanceKey key(int number) {
        return new InstanceKey(new HostId("mill"), new InstanceId("gate-" + number));
    }

    @Test
    void aGatewaysDeathReachesWhoeverWatchesWithinTheGoal() throws Exception {
        List<Long> took = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int number = 0; number < NODES; number++) {
                InstanceKey key = key(number);
                watcher.awaitState(key, "ready");
                int seen = watcher.told.size();
                int gateway = nodes.get(number).gatewayPid();
                long killed = System.nanoTime();
                Signal.KILL.to(gateway);
                took.add(TimeUnit.NANOSECONDS.toMillis(watcher.awaitNext(key, "down", seen) - killed));
            }
        }
        System.out.printf("from kill -9 of a gateway to the event, ms: %s%n", took);
        assertThat(took).allSatisfy(millis -> assertThat(millis).isBetween(0L, DEATH_MILLIS));
    }

    @Test
    void aFrozenNodeIsSuspectAndThenUnreachableAtItsDeadlines() throws Exception {
        InstanceKey key = key(0);
        for (int number = 0; number < NODES; number++) {
            watcher.awaitState(key(number), "ready");
        }
        int seen = watcher.told.size();
        long frozen = System.nanoTime();
        nodes.get(0).signal(Signal.STOP);
        try {
            long suspect = TimeUnit.NANOSECONDS.toMillis(watcher.awaitNext(key, "unknown", seen) - frozen);
            long unreachable = TimeUnit.NANOSECONDS.toMillis(watcher.awaitNext(key, "unreachable", seen) - frozen);
            System.out.printf(
                    "from a node's freeze to the event, ms: suspect %d, unreachable %d%n", suspect, unreachable);
            assertThat(suspect).isLessThanOrEqualTo(SUSPECT.toMillis() + LATE_MILLIS);
            assertThat(unreachable).isLessThanOrEqualTo(SILENT.toMillis() + LATE_MILLIS);
        } finally {
            nodes.get(0).signal(Signal.CONT);
        }
        watcher.awaitState(key, "ready");
    }

    /** What a stream tells of verdicts, and when. */
    private static final class Watcher implements AutoCloseable {
        /** @param at nanoseconds of this process, when it was read */
        record Told(String key, String state, long at) {}

        final List<Told> told = new CopyOnWriteArrayList<>();
        private final Thread reader;

        Watcher(URI events) {
            reader = new Thread(() -> read(events), "watch");
            reader.setDaemon(true);
            reader.start();
        }

        /** Waits until it is what was told last. */
        void awaitState(InstanceKey key, String state) {
            await().atMost(SOON).pollInterval(OFTEN).until(() -> told.stream()
                    .filter(one -> one.key.equals("instance/" + key))
                    .reduce((before, last) -> last)
                    .filter(last -> last.state.equals(state))
                    .isPresent());
        }

        /** When it was told, behind the first {@code seen}; waits for it. */
        long awaitNext(InstanceKey key, String state, int seen) {
            return await().atMost(SOON)
                    .pollInterval(OFTEN)
                    .until(() -> next(key, state, seen), Optional::isPresent)
                    .orElseThrow();
        }

        private Optional<Long> next(InstanceKey key, String state, int seen) {
            return told.stream()
                    .skip(seen)
                    .filter(one -> one.key.equals("instance/" + key) && one.state.equals(state))
                    .map(Told::at)
                    .findFirst();
        }

        private void read(URI events) {
            HttpRequest request = HttpRequest.newBuilder(events).build();
            try (Stream<String> lines = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofLines())
                    .body()) {
                lines.filter(line -> line.startsWith("data: "))
                        .map(line -> new JsonObject(line.substring(6)))
                        .forEach(this::take);
            } catch (IOException | UncheckedIOException | InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        private void take(JsonObject data) {
            JsonArray items = data.getJsonArray("items");
            if (items != null) {
                items.forEach(item -> take((JsonObject) item));
                return;
            }
            JsonObject item = data.getJsonObject("item");
            if (item != null) {
                told.add(new Told(
                        data.getString("key"), item.getJsonObject("verdict").getString("state"), System.nanoTime()));
            }
        }

        @Override
        public void close() {
            reader.interrupt();
        }
    }
}
