package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.health.verdict.Told;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.runtime.watch.WatchRules;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetWatchTest {
    private static final InstanceKey MAIN = Told.key("mill/main");
    private static final InstanceKey RESCUE = Told.key("mill/rescue");

    private static final HealthConfig CONFIG = HealthConfig.defaults()
            .withTick(Duration.ofMillis(50))
            .withWatch(new WatchRules(Duration.ofMillis(300), 10, 1000, Duration.ofSeconds(5)));

    private final HealthUnderTest health = new HealthUnderTest(CONFIG);

    @BeforeEach
    void start() throws TimeoutException {
        health.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        health.close();
    }

    @Test
    void theWholePictureComesFirstAndEveryVerdictAfterIt() throws TimeoutException {
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        await().until(() -> health.get("/v1/fleet/instances/mill/main").statusCode() == 200);
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch"))) {
            await().until(() -> page.synced);
            assertThat(page.copy.keySet()).containsExactly("fleet", "host/mill", "instance/mill/main");
            assertThat(page.verdict("mill/main")).isEqualTo("ready");

            health.tell(Told.beat(MAIN, 1, 2, Told.report(GatewayState.EXITED, 78, null, List.of())));
            await().until(() -> page.verdict("mill/main").equals("down"));
            await().until(() ->
                    page.copy.keySet().stream().anyMatch(key -> key.startsWith("problem/") && key.contains("config")));
            await().until(() -> page.item("fleet").getJsonObject("counts").containsKey("down"));
            assertThat(page.item("host/mill").getJsonObject("counts").getInteger("down"))
                    .isEqualTo(1);
        }
    }

    @Test
    void labelsSelectInListsAndStreamsAndAreNewsWhenTheyChange() throws TimeoutException {
        Instances.ANNOUNCED.tell(health.vertx.eventBus(), Told.remembered(MAIN, 1, Map.of("zone", "north")));
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        health.tell(Told.running(RESCUE, 1, Told.GOOD));
        await().until(() -> health.get("/v1/fleet/instances/mill/rescue").statusCode() == 200);
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch?kind=instance&label=zone%20in%20(north,west)"))) {
            await().until(() -> page.synced);
            assertThat(page.copy.keySet()).containsExactly("instance/mill/main");

            Instances.ANNOUNCED.tell(health.vertx.eventBus(), Told.remembered(RESCUE, 1, Map.of("zone", "west")));
            await().until(() -> page.copy.containsKey("instance/mill/rescue"));
            Instances.ANNOUNCED.tell(health.vertx.eventBus(), Told.remembered(MAIN, 2, Map.of("zone", "south")));
            await().until(() -> !page.copy.containsKey("instance/mill/main"));
        }
        assertThat(keys("?label=zone=west")).containsExactly("rescue");
        assertThat(keys("?label=zone!=west")).containsExactly("main");
        assertThat(keys("?label=zone&label=!team")).containsExactly("main", "rescue");
        JsonObject problem = health.get("/v1/fleet/instances?label=zone%20in").bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo("bad-input");
        assertThat(problem.getString("name")).isEqualTo("label");
    }

    private List<String> keys(String query) throws TimeoutException {
        return health.get("/v1/fleet/instances" + query).bodyAsJsonObject().getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getJsonObject("key").getString("instance"))
                .toList();
    }

    @Test
    void silenceIsToldWithoutAnybodyAsking() throws TimeoutException {
        HealthUnderTest quick = new HealthUnderTest(
                CONFIG.withRules(VerdictRules.defaults().withSilence(Duration.ofMillis(600), Duration.ofMillis(1200))));
        quick.start();
        try (FleetStream page = new FleetStream(URI.create("http://127.0.0.1:" + quick.port() + "/v1/fleet/watch"))) {
            await().until(() -> page.synced);
            quick.tell(Told.running(MAIN, 1, Told.GOOD));
            await().until(() -> page.verdict("mill/main").equals("ready"));
            await().until(() -> page.verdict("mill/main").equals("unreachable"));
            assertThat(page.events.stream()
                            .filter(event -> event.name().equals("instance"))
                            .map(event -> event.data().getJsonObject("item").getJsonObject("verdict"))
                            .map(verdict -> verdict.getString("reason"))
                            .dropWhile(reason -> !reason.equals("node-suspect")))
                    .containsExactly("node-suspect", "host-silent");
            await().until(() -> page.copy.containsKey("host/mill")
                    && page.item("host/mill").getString("state").equals("down"));
        } finally {
            quick.close();
        }
    }

    @Test
    void whoSaidGoodbyeIsGoneAndItsHostAfterIt() throws TimeoutException {
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch"))) {
            await().until(() -> page.copy.containsKey("host/mill"));
            Instances.ANNOUNCED.tell(health.vertx.eventBus(), new Departure(MAIN, new Incarnation(1), true));

            await().until(() -> page.copy.keySet().equals(java.util.Set.of("fleet")));
        }
    }

    @Test
    void thatSomethingGrewOlderIsNoEvent() throws TimeoutException {
        health.tell(Told.beat(MAIN, 1, 1, Told.report(GatewayState.STARTING, null, null, List.of())));
        health.tell(Told.running(RESCUE, 1, Told.GOOD));
        await().until(() -> health.get("/v1/fleet/instances/mill/rescue").statusCode() == 200);
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch"))) {
            await().until(() -> page.synced);
            for (int beat = 2; beat < 12; beat++) {
                int sequence = beat;
                health.tell(Told.beat(MAIN, 1, sequence, Told.report(GatewayState.STARTING, null, null, List.of())));
                health.tell(Told.running(RESCUE, sequence, Told.GOOD));
                long alive = count(page, "alive");
                if (beat % 3 == 0) {
                    await().until(() -> count(page, "alive") > alive);
                }
            }

            assertThat(page.events.stream()
                            .dropWhile(event -> !event.name().equals("synced"))
                            .map(FleetStream.Event::name))
                    .containsOnly("synced", "alive");
        }
    }

    @Test
    void everyAnswerSaysHowWellTheObserverSees() throws TimeoutException {
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        await().until(() -> health.get("/v1/fleet/instances/mill/main").statusCode() == 200);

        for (String path : List.of("health", "problems", "hosts", "hosts/mill", "instances", "instances/mill/main")) {
            JsonObject observer =
                    health.get("/v1/fleet/" + path).bodyAsJsonObject().getJsonObject("observer");
            assertThat(observer).as(path).isNotNull();
            assertThat(observer.fieldNames())
                    .as(path)
                    .contains("pictureAgeMillis", "eventLoopLagMillis", "members", "clusterSafe", "clockJumps");
        }
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch"))) {
            await().until(() -> count(page, "alive") > 0);
            assertThat(page.events.stream()
                            .filter(event -> event.name().equals("alive"))
                            .map(event -> event.data().getBoolean("clusterSafe")))
                    .containsOnly(true);
        }
    }

    @Test
    void onlyTheKindsThatAreAskedForAreTold() throws TimeoutException {
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        try (FleetStream page = new FleetStream(uri("/v1/fleet/watch?kind=host&kind=fleet"))) {
            await().until(() -> page.copy.keySet().equals(java.util.Set.of("fleet", "host/mill")));
        }
        assertThat(health.get("/v1/fleet/watch?kind=planet").statusCode()).isEqualTo(400);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + health.port() + path);
    }

    private static long count(FleetStream page, String name) {
        return page.events.stream().filter(event -> event.name().equals(name)).count();
    }
}
