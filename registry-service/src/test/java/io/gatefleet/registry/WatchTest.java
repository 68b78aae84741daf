package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.runtime.watch.WatchRules;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest {
    private static final WatchRules RULES = new WatchRules(Duration.ofMillis(200), 3, 64, Duration.ofMillis(500));
    private final RegistryUnderTest registry =
            new RegistryUnderTest(RegistryConfig.defaults().withWatch(RULES));

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void aSnapshotComesFirstAndEveryChangeAfterIt() throws TimeoutException {
        Lease main = registry.join(Words.MAIN, 7);
        EventReader reader = open("/v1/watch");

        await().until(() -> reader.synced);
        registry.heartbeat(Words.MAIN, Words.beat(main, 1));
        registry.join(Words.RESCUE, 7);
        registry.goodbye(Words.RESCUE, 7);
        await().until(() -> named(reader, "departed") == 1);

        assertThat(news(reader))
                .as("the first heartbeat is news of the gateway and confirms the lease")
                .containsExactly("snapshot", "synced", "changed", "changed", "registered", "departed");
        assertThat(reader.copy.keySet()).containsExactly("mill/main", "mill/rescue");
        assertThat(item(reader, "mill/main").getJsonObject("report").getString("state"))
                .isEqualTo("running");
        assertThat(item(reader, "mill/rescue").getBoolean("present")).isFalse();
    }

    @Test
    void aHeartbeatThatSaysNothingNewIsNoEvent() throws TimeoutException {
        Lease main = registry.join(Words.MAIN, 7);
        registry.heartbeat(Words.MAIN, Words.beat(main, 1));
        String revision = revision();
        registry.heartbeat(Words.MAIN, Words.beat(main, 2));
        registry.heartbeat(Words.MAIN, Words.beat(main, 3));

        assertThat(revision()).isEqualTo(revision);
    }

    @Test
    void aWatchFromAListsRevisionMissesNothing() throws TimeoutException {
        registry.join(Words.MAIN, 7);
        String revision = revision();
        registry.join(Words.RESCUE, 7);
        EventReader reader = open("/v1/watch?index=" + revision);

        await().until(() -> named(reader, "registered") == 1);
        assertThat(news(reader)).containsExactly("registered");
        assertThat(reader.copy.keySet()).containsExactly("mill/rescue");
    }

    @Test
    void whoeverComesBackGoesOnWhereHeWas() throws TimeoutException {
        EventReader reader = open("/v1/watch");
        registry.join(Words.MAIN, 7);
        await().until(() -> named(reader, "registered") == 1);
        Revision seen = reader.last;
        EventReader again = new EventReader(registry.vertx, registry.port());
        again.last = seen;
        registry.join(Words.RESCUE, 7);
        RegistryUnderTest.await(again.connect("/v1/watch"));

        await().until(() -> named(again, "registered") == 1);
        assertThat(again.copy.keySet()).containsExactly("mill/rescue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzz-1", "zzz-0"})
    void anotherMembersRevisionIsCompacted(String index) throws TimeoutException {
        HttpResponse<Buffer> answer = registry.get("/v1/watch?index=" + index);

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("compacted");
        assertThat(answer.bodyAsJsonObject().getString("revision")).isEqualTo(revision());
    }

    @Test
    void whatHadToMakeRoomIsCompacted() throws TimeoutException {
        String revision = revision();
        for (int i = 0; i <= RULES.history(); i++) {
            registry.join(Words.key("mill", "g" + i), 1);
        }

        assertThat(registry.get("/v1/watch?wait=PT1S&index=" + revision).statusCode())
                .isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index=17",
                "index=",
                "wait=PT1S",
                "index=a-1&wait=PT51S",
                "index=a-1&wait=PT0S",
                "index=a-1&wait=10",
                "state=asleep",
                "colour=red",
                "label=a%20in%20b"
            })
    void whatCannotBeReadIsBadInput(String query) throws TimeoutException {
        HttpResponse<Buffer> answer = registry.get("/v1/watch?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("bad-input");
    }

    @Test
    void aFilteredWatchIsToldWhenSomebodyLeavesItsPart() throws TimeoutException {
        Lease main = join(Words.MAIN, Map.of("team", "a"));
        join(Words.RESCUE, Map.of("team", "b"));
        registry.heartbeat(Words.MAIN, Words.beat(main, 1));
        EventReader reader = open("/v1/watch?state=running&label=team=a");
        await().until(() -> reader.synced);
        assertThat(reader.copy.keySet()).containsExactly("mill/main");

        registry.heartbeat(Words.MAIN, Words.beat(main, 2, GatewayState.EXITED));
        await().until(() -> named(reader, "gone") == 1);
        registry.heartbeat(Words.MAIN, Words.beat(main, 3));
        await().until(() -> named(reader, "changed") == 1);

        assertThat(reader.copy.keySet()).containsExactly("mill/main");
    }

    @Test
    void aStreamIsToldThatItLivesAndHowWellTheRegistrySees() throws TimeoutException {
        EventReader reader = open("/v1/watch?host=nowhere");
        await().until(() -> reader.synced);
        registry.join(Words.MAIN, 7);
        String revision = revision();

        // Nothing of what it asked for happens, and still it knows up to when that is so.
        await().until(() -> String.valueOf(reader.last).equals(revision));

        assertThat(named(reader, "alive")).isPositive();
        assertThat(reader.events.get(reader.events.size() - 1).data().getInteger("members"))
                .isEqualTo(1);
        assertThat(reader.copy).isEmpty();
    }

    @Test
    void aLongPollIsAnsweredWhenSomethingHappens() throws TimeoutException {
        String revision = revision();
        var answer = registry.async("/v1/watch?wait=PT20S&index=" + revision);
        await().until(() -> registry.get("/metrics").bodyAsString().contains("watchers{via=\"poll\"} 1.0"));
        registry.join(Words.MAIN, 7);

        JsonObject body = RegistryUnderTest.await(answer).bodyAsJsonObject();
        assertThat(body.getJsonArray("items").getJsonObject(0).getString("kind"))
                .isEqualTo("registered");
        assertThat(body.getString("revision")).isEqualTo(revision());
    }

    @Test
    void aLongPollIsAnsweredWhenNothingHappens() throws TimeoutException {
        String revision = revision();

        JsonObject body =
                registry.get("/v1/watch?wait=PT0.1S&index=" + revision).bodyAsJsonObject();

        assertThat(body.getJsonArray("items")).isEmpty();
        assertThat(body.getString("revision")).isEqualTo(revision);
    }

    @Test
    void noMoreWatchersAreTakenThanAreAllowed() throws TimeoutException {
        for (int i = 0; i < RULES.watchers(); i++) {
            open("/v1/watch");
        }

        HttpResponse<Buffer> answer = registry.get("/v1/watch");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("too-many-watchers");
        assertThat(answer.getHeader("retry-after")).isEqualTo("5");
    }

    @Test
    void whoeverTakesNothingIsCutAndCostsNobodyElseAnything() throws TimeoutException {
        EventReader slow = open("/v1/watch");
        EventReader good = open("/v1/watch");
        await().until(() -> slow.synced && good.synced);
        slow.pause();

        // Large words, so that the buffers of the kernel are full before long.
        List<GatewayReport.Finding> findings = Collections.nCopies(
                GatewayReport.MOST_FINDINGS, new GatewayReport.Finding("stranger-in-lease", "x".repeat(500)));
        Lease main = registry.join(Words.MAIN, 7);
        int said = 0;
        while (!registry.get("/metrics").bodyAsString().contains("gatefleet_watch_watchers{via=\"stream\"} 1.0")
                && said < 20_000) {
            registry.heartbeat(Words.MAIN, large(main, ++said, findings));
        }

        assertThat(said).isLessThan(20_000);
        assertThat(registry.get("/metrics").bodyAsString())
                .containsPattern("gatefleet_watch_cut_total\\{why=\"\\w+\"} 1.0");
        int restarts = said;
        await().until(() -> item(good, "mill/main").getJsonObject("report").getInteger("restarts") == restarts);
        assertThat(good.open).isTrue();
    }

    private static Heartbeat large(Lease lease, int sequence, List<GatewayReport.Finding> findings) {
        GatewayReport report =
                new GatewayReport(GatewayState.RUNNING, 1, null, null, sequence, null, 0, null, findings, null);
        return new Heartbeat(lease.incarnation(), sequence, GuardState.HELD, lease, report, null);
    }

    private EventReader open(String path) throws TimeoutException {
        EventReader reader = new EventReader(registry.vertx, registry.port());
        RegistryUnderTest.await(reader.connect(path));
        assertThat(reader.status).isEqualTo(200);
        return reader;
    }

    private Lease join(InstanceKey key, Map<String, String> labels) throws TimeoutException {
        return RegistryUnderTest.read(
                        registry.register(key, Words.join(1, Flavor.SIMULATED, labels, null)), Registration.class)
                .lease();
    }

    private String revision() throws TimeoutException {
        return registry.get("/v1/instances?limit=1").bodyAsJsonObject().getString("revision");
    }

    private static JsonObject item(EventReader reader, String key) {
        return java.util.Objects.requireNonNull(reader.copy.get(key), key);
    }

    private static long named(EventReader reader, String name) {
        return reader.events.stream().filter(event -> event.name().equals(name)).count();
    }

    private static List<String> news(EventReader reader) {
        return reader.events.stream()
                .map(EventReader.Event::name)
                .filter(name -> !name.equals("alive"))
                .toList();
    }
}
