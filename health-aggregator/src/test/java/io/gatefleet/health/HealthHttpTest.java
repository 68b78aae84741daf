package io.gatefleet.health;

import static io.gatefleet.health.verdict.Told.key;
import static io.gatefleet.health.verdict.Told.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.health.verdict.Told;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Readiness;
import io.gatefleet.runtime.watch.WatchDesk;
import io.gatefleet.runtime.watch.WatchRules;
import io.gatefleet.testing.OpenApiDocument;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthHttpTest {
    private static final InstanceKey MAIN = key("mill/main");

    private final HealthUnderTest health =
            new HealthUnderTest(HealthConfig.defaults().withTick(Duration.ofMillis(50)));

    @SuppressWarnings("NullAway.Init")
    private OpenApiDocument document;

    @BeforeEach
    void start() throws TimeoutException {
        health.start();
        document = OpenApiDocument.of(health.vertx, HealthVerticle.SERVICE);
    }

    @AfterEach
    void close() throws TimeoutException {
        health.close();
    }

    @Test
    void theDocumentIsOpenApi() {
        assertThat(document.wellFormed().getValid())
                .as("%s", document.wellFormed().getErrors())
                .isTrue();
    }

    @Test
    void everyRouteIsDocumentedAndEverythingDocumentedIsARoute() {
        HttpEdge edge = HttpEdge.create(health.vertx, HealthVerticle.SERVICE, health.meters, Readiness.ALWAYS);
        FleetHealth picture = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), System.nanoTime());
        FleetChanges changes = new FleetChanges(picture, new ChangeLog<>("a", 10));
        FleetHealthView.Observer observer = new FleetHealthView.Observer(0, 0, 0, 1);
        WatchDesk<FleetItem> watchers = new WatchDesk<>(
                health.vertx,
                new FleetFeed(changes, () -> observer, System::nanoTime),
                WatchRules.DEFAULT,
                health.meters,
                System::nanoTime);
        new HealthHttp(picture, changes, watchers, () -> observer, System::nanoTime).mount(edge.routes());
        new PortsHttp(health.vertx.eventBus()).mount(edge.routes());

        assertThat(OpenApiDocument.routes(edge.router())).isEqualTo(document.operations());
    }

    @Test
    void anEmptyFleetIsAnAnswerToo() throws TimeoutException {
        FleetHealthView fleet = health.get("/v1/fleet/health", FleetHealthView.class);

        assertThat(fleet.sentence()).startsWith("No gateway is known");
        assertThat(fleet.observer().members()).isEqualTo(1);
        for (String path :
                List.of("/v1/fleet/health", "/v1/fleet/problems", "/v1/fleet/hosts", "/v1/fleet/instances")) {
            document.check("GET", path, health.get(path));
        }
    }

    @Test
    void whatIsAnsweredIsWhatIsDocumented() throws TimeoutException {
        tellOfAMixedFleet();

        document.check("GET", "/v1/fleet/health", health.get("/v1/fleet/health"));
        document.check("GET", "/v1/fleet/problems", health.get("/v1/fleet/problems?limit=1"));
        document.check("GET", "/v1/fleet/hosts", health.get("/v1/fleet/hosts?limit=1"));
        document.check("GET", "/v1/fleet/hosts/{host}", health.get("/v1/fleet/hosts/mill"));
        document.check("GET", "/v1/fleet/hosts/{host}", health.get("/v1/fleet/hosts/nowhere"));
        document.check("GET", "/v1/fleet/hosts/{host}", health.get("/v1/fleet/hosts/NOWHERE"));
        document.check("GET", "/v1/fleet/instances", health.get("/v1/fleet/instances?limit=1"));
        document.check("GET", "/v1/fleet/instances/{host}/{instance}", health.get("/v1/fleet/instances/mill/main"));
        document.check("GET", "/v1/fleet/instances/{host}/{instance}", health.get("/v1/fleet/instances/mill/nobody"));
        for (String path : List.of("/livez", "/readyz", "/metrics", "/openapi.yaml")) {
            document.check("GET", path, health.get(path));
        }
    }

    @Test
    void theFleetIsSeenAtAGlanceByHostAndOneByOne() throws TimeoutException {
        tellOfAMixedFleet();

        FleetHealthView fleet = health.get("/v1/fleet/health", FleetHealthView.class);
        assertThat(fleet.instances()).isEqualTo(4);
        assertThat(fleet.hosts()).isEqualTo(2);
        assertThat(fleet.counts()).containsEntry(Verdict.State.READY, 2).containsEntry(Verdict.State.DOWN, 1);
        assertThat(fleet.problems())
                .extracting(ProblemReport::code)
                .containsExactly("config-refused", "not-ready", "orphaned-browser");
        assertThat(fleet.selfPreservation().on()).isFalse();
        assertThat(health.get("/v1/fleet/health")
                        .bodyAsJsonObject()
                        .getJsonObject("counts")
                        .fieldNames())
                .as("words on the wire")
                .containsExactlyInAnyOrder("ready", "degraded", "down");

        HostHealth mill = health.get("/v1/fleet/hosts/mill", HostHealth.class);
        assertThat(mill.state()).isEqualTo(HostHealth.State.UP);
        assertThat(mill.instances())
                .extracting(each -> each.key().toString())
                .containsExactly("mill/broken", "mill/main", "mill/slow");
        InstanceHealth broken = health.get("/v1/fleet/instances/mill/broken", InstanceHealth.class);
        assertThat(broken.verdict().reason()).isEqualTo("config-refused");
        assertThat(broken.gateway().exitCode()).isEqualTo(78);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ?limit=10                        | barn/main mill/broken mill/main mill/slow
            ?host=mill                       | mill/broken mill/main mill/slow
            ?verdict=ready                   | barn/main mill/main
            ?verdict=ready&host=mill         | mill/main
            ?reason=not-ready                | mill/slow
            ?host=nowhere                    |
            """)
    void instancesAreFiltered(String query, String keys) throws TimeoutException {
        tellOfAMixedFleet();

        assertThat(keys(health.get("/v1/fleet/instances" + query).bodyAsJsonObject()))
                .isEqualTo(keys == null ? List.of() : List.of(keys.split(" ")));
    }

    @Test
    void pagesNeitherSkipNorRepeat() throws TimeoutException {
        tellOfAMixedFleet();
        for (String list : List.of("instances", "hosts", "problems")) {
            int all = health.get("/v1/fleet/" + list)
                    .bodyAsJsonObject()
                    .getJsonArray("items")
                    .size();
            List<Object> seen = new ArrayList<>();
            String token = "";
            do {
                JsonObject page =
                        health.get("/v1/fleet/" + list + "?limit=1" + token).bodyAsJsonObject();
                JsonObject item = page.getJsonArray("items").getJsonObject(0);
                seen.add(item.getValue("key", item.getValue("host") + " " + item.getValue("code")));
                token = page.getString("nextPageToken") == null
                        ? null
                        : "&pageToken=" + page.getString("nextPageToken");
            } while (token != null);

            assertThat(seen).as(list).hasSize(all).doesNotHaveDuplicates();
            assertThat(all).isGreaterThan(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            /v1/fleet/health?verbose=1              | verbose   | no query parameters here
            /v1/fleet/hosts/MILL                    | host      | a lower-case RFC 1123 name of 1 to 253 characters
            /v1/fleet/hosts/mill?limit=1            | limit     | no query parameters here
            /v1/fleet/hosts?host=mill               | host      | one of limit, pageToken
            /v1/fleet/hosts?limit=0                 | limit     | a whole number, 1 to 1000
            /v1/fleet/problems?limit=ten            | limit     | a whole number, 1 to 1000
            /v1/fleet/problems?pageToken=*          | pageToken | the nextPageToken of a page before
            /v1/fleet/instances?host=MILL           | host      | a lower-case RFC 1123 name of 1 to 253 characters
            /v1/fleet/instances?verdict=fine        | verdict   | ready, starting, maintenance, draining, degraded, unknown, unreachable or down
            /v1/fleet/instances?verdict=down&verdict=ready | verdict | at most once
            /v1/fleet/instances?state=down          | state     | one of host, label, limit, pageToken, reason, verdict
            /v1/fleet/instances/mill/Main           | instance  | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            /v1/fleet/instances/mill/main?x=1       | x         | no query parameters here
            """)
    void whatCannotBeUsedIsNamed(String path, String name, String expected) throws TimeoutException {
        HttpResponse<Buffer> answer = health.get(path);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = answer.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo("bad-input");
        assertThat(problem.getString("name")).isEqualTo(name);
        assertThat(problem.getString("expected")).isEqualTo(expected);
    }

    @Test
    void whoSaidGoodbyeIsGone() throws TimeoutException {
        tellOfAMixedFleet();
        Instances.ANNOUNCED.tell(health.vertx.eventBus(), new Departure(MAIN, new Incarnation(1), true));

        await().atMost(Duration.ofSeconds(10))
                .until(() -> health.get("/v1/fleet/instances/mill/main").statusCode() == 404);
        assertThat(health.get("/v1/fleet/instances/mill/main")
                        .bodyAsJsonObject()
                        .getString("code"))
                .isEqualTo("unknown-instance");
    }

    @Test
    void silenceIsNoticedWithoutAnybodyAsking() throws TimeoutException {
        HealthUnderTest quick = new HealthUnderTest(HealthConfig.defaults()
                .withTick(Duration.ofMillis(20))
                .withRules(VerdictRules.defaults().withSilence(Duration.ofMillis(200), Duration.ofMillis(400))));
        try {
            quick.start();
            quick.tell(Told.running(MAIN, 1, Told.GOOD));
            await().atMost(Duration.ofSeconds(10)).until(() -> quick.get("/metrics")
                    .bodyAsString()
                    .contains("gatefleet_instances{verdict=\"unreachable\"} 1.0"));
            assertThat(quick.get("/v1/fleet/hosts/mill", HostHealth.class).state())
                    .isEqualTo(HostHealth.State.DOWN);
        } finally {
            quick.close();
        }
    }

    @Test
    void metersCountVerdictsAndProblemsAndNameNobody() throws TimeoutException {
        tellOfAMixedFleet();
        health.tell(Told.running(key("barn/main"), 2, Told.GOOD));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(health.get("/metrics").bodyAsString())
                        .contains(
                                "gatefleet_instances{verdict=\"ready\"} 2.0",
                                "gatefleet_instances{verdict=\"down\"} 1.0",
                                "gatefleet_instances{verdict=\"unreachable\"} 0.0",
                                "gatefleet_problems{severity=\"critical\"} 1.0",
                                "gatefleet_problems{severity=\"warning\"} 1.0",
                                "gatefleet_health_transitions_total{to=\"ready\"} 2.0",
                                "gatefleet_heartbeat_age_seconds_count 1",
                                "gatefleet_selfpreservation 0.0",
                                "gatefleet_observer_lag_seconds")
                        .doesNotContain("mill", "barn"));
    }

    private void tellOfAMixedFleet() throws TimeoutException {
        health.tell(Told.running(MAIN, 1, Told.GOOD));
        health.tell(Told.running(key("mill/slow"), 1, Told.NOT_READY));
        health.tell(Told.beat(
                key("mill/broken"),
                1,
                1,
                report(GatewayState.EXITED, 78, null, List.of(Told.finding("orphaned-browser")))));
        health.tell(Told.running(key("barn/main"), 1, Told.GOOD));
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        health.get("/v1/fleet/health", FleetHealthView.class).instances() == 4);
    }

    private static List<String> keys(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getJsonObject("key"))
                .map(key -> key.getString("host") + "/" + key.getString("instance"))
                .toList();
    }
}
