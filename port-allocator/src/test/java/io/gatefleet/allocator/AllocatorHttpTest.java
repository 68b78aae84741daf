package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocatorHttpTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final HostId MILL = new HostId("mill");
    private static final PortSpace SPACE = new PortSpace("boot", 1);
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.of("port-allocator");

    private static final Vertx vertx = Vertx.vertx();
    private static final WebClient client = WebClient.create(vertx);

    private final PrometheusMeterRegistry meters = Meters.of("port-allocator");
    private final InMemoryLedgerStore store = new InMemoryLedgerStore();
    private String deployment = "";
    private int port;

    @BeforeEach
    void deploy() throws TimeoutException {
        AllocatorVerticle verticle =
                new AllocatorVerticle(AllocatorConfig.defaults().withHttp("127.0.0.1", 0), store, meters);
        deployment = await(vertx.deployVerticle(verticle));
        port = verticle.port();
    }

    @AfterEach
    void undeploy() throws TimeoutException {
        await(vertx.undeploy(deployment));
    }

    @AfterAll
    static void close() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void everyRouteIsInTheDocumentAndEveryOperationOfTheDocumentIsARoute() throws TimeoutException {
        HttpEdge edge = HttpEdge.create(vertx, "port-allocator", Meters.of("other"), Readiness.ALWAYS);
        LeaseDesk desk = new LeaseDesk(
                store,
                AllocatorConfig.defaults(),
                await(Reservations.open(vertx, null)),
                new Sweeper(AllocatorConfig.Times.DEFAULT, System::nanoTime),
                new LeaseMeters(Meters.of("other")),
                () -> 1);
        new AllocatorHttp(desk).mount(edge.routes());

        Set<String> routes = new TreeSet<>();
        edge.router().getRoutes().stream()
                .filter(route -> route.getPath() != null && route.methods() != null)
                .forEach(route -> route.methods()
                        .forEach(method ->
                                routes.add(method + " " + route.getPath().replaceAll(":([a-z]+)", "{$1}"))));

        assertThat(DOCUMENT.operations()).isEqualTo(routes);
        assertThat(DOCUMENT.danglingReferences()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/v1/hosts",
        "/v1/hosts?limit=1",
        "/v1/hosts/mill",
        "/v1/hosts/mill/leases",
        "/v1/hosts/mill/leases?limit=1",
        "/v1/hosts/mill/capacity",
        "/v1/hosts/mill/capacity?layout=dense&profiles=3&extras=signal",
        "/v1/hosts/mill/ports",
        "/v1/hosts/mill/ports/18789",
        "/v1/hosts/mill/ports/18790",
        "/v1/hosts/mill/ports/19200",
        "/v1/hosts/mill/ports/20000",
        "/v1/hosts/mill/ports/21050",
        "/v1/hosts/mill/ports/40000",
        "/v1/hosts/mill/ports/30000",
        "/v1/hosts/mill/ports/80",
        "/v1/hosts/mill/reservations",
        "/v1/layouts",
        "/livez",
        "/readyz",
        "/metrics",
        "/openapi.yaml",
        "/v1/hosts/nobody",
        "/v1/hosts/NOBODY",
        "/v1/hosts/mill/ports/70000",
    })
    void whatIsAnsweredIsAsTheDocumentSays(String path) throws TimeoutException {
        aBitOfEverything();

        HttpResponse<Buffer> response = get(path);

        DOCUMENT.check(HttpMethod.GET, path.split("\\?", 2)[0], response);
    }

    @Test
    void hostsAreShownWithTheirLoadAndTheirWarnings() throws TimeoutException {
        aBitOfEverything();
        acquire("barn", "main", 1, null, SPACE);

        JsonArray hosts = get("/v1/hosts").bodyAsJsonObject().getJsonArray("items");

        assertThat(hosts).hasSize(2);
        JsonObject mill = hosts.getJsonObject(1);
        assertThat(mill.getString("host")).isEqualTo("mill");
        assertThat(mill.getInteger("leases")).isEqualTo(2);
        assertThat(mill.getInteger("lent")).isEqualTo(222);
        assertThat(mill.getJsonArray("warnings")).singleElement().asString().contains("barn", "same port space");
        assertThat(get("/v1/hosts/mill").bodyAsJsonObject()).isEqualTo(mill);
    }

    @Test
    void theListsRevisionGrowsWithEveryChangeThatShows() throws TimeoutException {
        List<String> revisions = new ArrayList<>();
        revisions.add(revision());
        Lease lease = granted(acquire("mill", "main", 1, null, SPACE));
        revisions.add(revision());
        confirm(lease);
        revisions.add(revision());
        put("/v1/hosts/mill/reservations/database", "{\"ports\": \"20000\"}");
        revisions.add(revision());
        await(Leases.RELEASE.ask(vertx.eventBus(), new ReleaseLease(lease.holder(), lease.incarnation(), false), SOON));
        revisions.add(revision());

        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void leasesAreReadPageByPage() throws TimeoutException {
        for (int i = 0; i < 5; i++) {
            acquire("mill", "i" + i, 1, null, SPACE);
        }

        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            JsonObject page = get("/v1/hosts/mill/leases?limit=2" + token).bodyAsJsonObject();
            page.getJsonArray("items")
                    .forEach(item ->
                            seen.add(((JsonObject) item).getJsonObject("holder").getString("instance")));
            String next = page.getString("nextPageToken");
            token = next == null ? "" : "&pageToken=" + next;
        } while (!token.isEmpty());

        assertThat(seen).containsExactly("i0", "i1", "i2", "i3", "i4");
    }

    @Test
    void aPlanIsADryRun() throws TimeoutException {
        aBitOfEverything();
        HostLedger before = await(store.read(MILL));

        HttpResponse<Buffer> plan = post("/v1/hosts/mill/plan", "{\"shape\": \"dense\", \"profiles\": 2}");

        DOCUMENT.check(HttpMethod.POST, "/v1/hosts/mill/plan", plan);
        assertThat(plan.bodyAsJsonObject().getString("footprint")).isEqualTo("0-3");
        assertThat(plan.bodyAsJsonObject().getInteger("base")).isPositive();
        assertThat(await(store.read(MILL))).isEqualTo(before);
    }

    @Test
    void aPlanForAHostThatNobodySpokeOfMakesItNotKnown() throws TimeoutException {
        HttpResponse<Buffer> plan = post("/v1/hosts/nobody/plan", "{}");

        assertThat(plan.statusCode()).isEqualTo(200);
        assertThat(plan.bodyAsJsonObject().getInteger("base")).isEqualTo(18_789);
        assertThat(get("/v1/hosts/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void aPlanThatCannotBeGrantedCarriesItsRefusal() throws TimeoutException {
        acquire("mill", "main", 1, null, SPACE);
        put("/v1/hosts/mill/reservations/all", "{\"ports\": \"18789-32767\"}");

        HttpResponse<Buffer> plan = post("/v1/hosts/mill/plan", "{\"footprint\": \"0-110\"}");

        DOCUMENT.check(HttpMethod.POST, "/v1/hosts/mill/plan", plan);
        assertThat(plan.bodyAsJsonObject().getJsonObject("refusal").getString("code"))
                .isEqualTo("pool-exhausted");
    }

    @Test
    void aReservationIsKeptShownHeededAndRemoved() throws TimeoutException {
        String path = "/v1/hosts/mill/reservations/database";

        HttpResponse<Buffer> made = put(path, "{\"ports\": \"18789-18799\", \"reason\": \"postgres\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        DOCUMENT.check(HttpMethod.PUT, path, made);
        assertThat(granted(acquire("mill", "main", 1, null, SPACE)).base()).isEqualTo(18_800);

        HttpResponse<Buffer> changed = put(path, "{\"ports\": \"20000\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        DOCUMENT.check(HttpMethod.PUT, path, changed);
        assertThat(get("/v1/hosts/mill/reservations")
                        .bodyAsJsonObject()
                        .getJsonArray("items")
                        .encode())
                .isEqualTo("[{\"name\":\"database\",\"ports\":\"20000\",\"reason\":\"\"}]");

        HttpResponse<Buffer> removed = delete(path);
        assertThat(removed.statusCode()).isEqualTo(204);
        DOCUMENT.check(HttpMethod.DELETE, path, removed);
        HttpResponse<Buffer> again = delete(path);
        assertThat(again.bodyAsJsonObject().getString("code")).isEqualTo("unknown-reservation");
        DOCUMENT.check(HttpMethod.DELETE, path, again);
    }

    @Test
    void aRevokedLeaseIsToldToItsNode() throws TimeoutException {
        Lease lease = granted(acquire("mill", "main", 1, null, SPACE));
        confirm(lease);
        String path = "/v1/hosts/mill/leases/" + lease.fence();

        HttpResponse<Buffer> revoked = delete(path + "?force=true");

        assertThat(revoked.statusCode()).isEqualTo(200);
        DOCUMENT.check(HttpMethod.DELETE, path, revoked);
        assertThat(revoked.bodyAsJsonObject().getString("state")).isEqualTo("revoked");
        assertThat(confirm(lease))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseRevoked(lease.holder(), lease.fence())));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            GET    | /v1/hosts?limit=0                            | -                                | 400 | bad-input | limit
            GET    | /v1/hosts?limit=1001                         | -                                | 400 | bad-input | limit
            GET    | /v1/hosts?limt=5                             | -                                | 400 | bad-input | limt
            GET    | /v1/hosts?pageToken=~                        | -                                | 400 | bad-input | pageToken
            GET    | /v1/hosts/MILL                               | -                                | 400 | bad-input | host
            GET    | /v1/hosts/mill_1/leases                      | -                                | 400 | bad-input | host
            GET    | /v1/hosts/mill?verbose=true                  | -                                | 400 | bad-input | verbose
            GET    | /v1/hosts/nobody                             | -                                | 404 | unknown-host | host
            GET    | /v1/hosts/nobody/leases                      | -                                | 404 | unknown-host | host
            GET    | /v1/hosts/nobody/capacity                    | -                                | 404 | unknown-host | host
            GET    | /v1/hosts/nobody/ports                       | -                                | 404 | unknown-host | host
            GET    | /v1/hosts/nobody/ports/80                    | -                                | 404 | unknown-host | host
            GET    | /v1/hosts/mill/ports/0                       | -                                | 400 | bad-input | port
            GET    | /v1/hosts/mill/ports/65536                   | -                                | 400 | bad-input | port
            GET    | /v1/hosts/mill/ports/http                    | -                                | 400 | bad-input | port
            GET    | /v1/hosts/mill/ports/99999999999             | -                                | 400 | bad-input | port
            GET    | /v1/hosts/mill/capacity?footprint=1-5        | -                                | 400 | bad-input | footprint
            GET    | /v1/hosts/mill/capacity?footprint=0-256      | -                                | 400 | bad-input | footprint
            GET    | /v1/hosts/mill/capacity?footprint=0-9&layout=wide | -                           | 400 | bad-input | footprint
            GET    | /v1/hosts/mill/capacity?flavor=lobster       | -                                | 400 | bad-input | flavor
            GET    | /v1/hosts/mill/capacity?version=0            | -                                | 400 | bad-input | version
            GET    | /v1/hosts/mill/capacity?layout=round         | -                                | 400 | bad-input | layout
            GET    | /v1/hosts/mill/capacity?layout=dense&profiles=101 | -                           | 400 | bad-input | profiles
            GET    | /v1/hosts/mill/capacity?profiles=2           | -                                | 400 | bad-input | profiles
            GET    | /v1/hosts/mill/capacity?extras=irc           | -                                | 400 | bad-input | extras
            GET    | /v1/hosts/mill/capacity?layout=wide&layout=dense | -                            | 400 | bad-input | layout
            POST   | /v1/hosts/mill/plan                          | -                                | 415 | unsupported-media-type | -
            POST   | /v1/hosts/mill/plan                          | []                               | 400 | bad-input | body
            POST   | /v1/hosts/mill/plan                          | {"shape":                        | 400 | bad-input | body
            POST   | /v1/hosts/mill/plan                          | {"shapes": "wide"}               | 400 | bad-input | shapes
            POST   | /v1/hosts/mill/plan                          | {"shape": "round"}               | 400 | bad-input | shape
            POST   | /v1/hosts/mill/plan                          | {"profiles": "2"}                | 400 | bad-input | profiles
            POST   | /v1/hosts/mill/plan                          | {"shape": "dense", "profiles": -1} | 400 | bad-input | profiles
            POST   | /v1/hosts/mill/plan                          | {"instance": "Main"}             | 400 | bad-input | instance
            POST   | /v1/hosts/mill/plan                          | {"footprint": "5"}               | 400 | bad-input | footprint
            POST   | /v1/hosts/mill/plan                          | {"footprint": "0", "flavor": "openclaw"} | 400 | bad-input | footprint
            POST   | /v1/hosts/mill/plan                          | {"extras": ["irc"]}              | 400 | bad-input | extras
            POST   | /v1/hosts/mill/plan                          | {"extras": [null]}               | 400 | bad-input | extras[0]
            PUT    | /v1/hosts/mill/reservations/Data_Base        | {"ports": "20000"}               | 400 | bad-input | name
            PUT    | /v1/hosts/MILL/reservations/database         | {"ports": "20000"}               | 400 | bad-input | host
            PUT    | /v1/hosts/mill/reservations/database         | {}                               | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": null}                  | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": ""}                    | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": 20000}                 | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "0"}                   | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "65536"}               | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "200-100"}             | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "a"}                   | 400 | bad-input | ports
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "1", "until": "x"}     | 400 | bad-input | until
            PUT    | /v1/hosts/mill/reservations/database         | {"ports": "1", "ports": "2"}     | 400 | bad-input | body
            DELETE | /v1/hosts/mill/reservations/nothing          | -                                | 404 | unknown-reservation | name
            DELETE | /v1/hosts/mill/leases/5?force=true           | -                                | 404 | unknown-lease | fence
            DELETE | /v1/hosts/mill/leases/0?force=true           | -                                | 400 | bad-input | fence
            DELETE | /v1/hosts/mill/leases/x?force=true           | -                                | 400 | bad-input | fence
            DELETE | /v1/hosts/mill/leases/5                      | -                                | 400 | bad-input | force
            DELETE | /v1/hosts/mill/leases/5?force=yes            | -                                | 400 | bad-input | force
            DELETE | /v1/hosts/nobody/leases/5?force=true         | -                                | 404 | unknown-lease | fence
            GET    | /v1/layouts?flavor=openclaw                  | -                                | 400 | bad-input | flavor
            POST   | /v1/hosts                                    | {}                               | 405 | method-not-allowed | -
            GET    | /v2/hosts                                    | -                                | 404 | no-such-path | -
            """)
    void whatCannotBeUsedIsNamedAndChangesNothing(
            String method, String path, @Nullable String body, int status, String code, @Nullable String name)
            throws TimeoutException {
        aBitOfEverything();
        HostLedger before = await(store.read(MILL));
        String reservations = get("/v1/hosts/mill/reservations").bodyAsString();

        HttpResponse<Buffer> response = send(HttpMethod.valueOf(method), path, body);

        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("name")).isEqualTo(name);
        if (status == 400) {
            assertThat(problem.getString("value")).isNotNull();
            assertThat(problem.getString("expected")).isNotBlank();
        }
        assertThat(problem.getString("instance")).isEqualTo(path.split("\\?", 2)[0]);
        assertThat(await(store.read(MILL))).isEqualTo(before);
        assertThat(await(store.hosts())).containsExactly(MILL);
        assertThat(get("/v1/hosts/mill/reservations").bodyAsString()).isEqualTo(reservations);
    }

    @Test
    void anOversizedBodyIsRefusedWithTheLimit() throws TimeoutException {
        String body = "{\"ports\": \"20000\", \"reason\": \"" + "x".repeat((int) HttpEdge.LARGEST_BODY_BYTES) + "\"}";

        HttpResponse<Buffer> response = put("/v1/hosts/mill/reservations/database", body);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(get("/v1/hosts/mill/reservations").bodyAsJsonObject().getJsonArray("items"))
                .isEmpty();
    }

    @Test
    void aReasonThatIsTooLongIsNamed() throws TimeoutException {
        HttpResponse<Buffer> response = put(
                "/v1/hosts/mill/reservations/database",
                "{\"ports\": \"20000\", \"reason\": \"" + "x".repeat(201) + "\"}");

        assertThat(response.bodyAsJsonObject().getString("name")).isEqualTo("reason");
    }

    @Test
    void metersTellWhatTheDeskDoes() throws TimeoutException {
        aBitOfEverything();
        InstanceKey nobody = new InstanceKey(MILL, new InstanceId("nobody"));
        await(Leases.RENEW.ask(vertx.eventBus(), new RenewLease(nobody, new Incarnation(1), 5, GuardState.HELD), SOON));

        assertThat(get("/metrics").bodyAsString())
                .contains(
                        "gatefleet_lease_granted_total{state=\"offered\"} 3.0",
                        "gatefleet_lease_refused_total{code=\"lease-lost\"} 1.0",
                        "gatefleet_lease_refused_total{code=\"pool-exhausted\"} 0.0",
                        "gatefleet_lease_acquire_seconds_count 3",
                        "gatefleet_lease_lapsed_total 0.0")
                .doesNotContain("instance=", "rescue");
    }

    /** main confirmed 18789-18899, rescue moved to 18901-19011, a rest, a reservation, strangers. */
    private void aBitOfEverything() throws TimeoutException {
        confirm(granted(acquire("mill", "main", 1, null, SPACE)));
        Lease offer = granted(acquire("mill", "rescue", 1, null, SPACE));
        acquire(
                "mill",
                "rescue",
                1,
                new Rejection(
                        offer.fence(), List.of(new BusyPort(offer.base(), BusyPort.Protocol.TCP, 4711, "postgres"))),
                SPACE);
        put("/v1/hosts/mill/reservations/database", "{\"ports\": \"20000\", \"reason\": \"postgres\"}");
    }

    private LeaseReply acquire(
            String host, String instance, long incarnation, @Nullable Rejection rejected, PortSpace space)
            throws TimeoutException {
        HostFacts facts = new HostFacts(
                space,
                List.of(new Listener(21_000, "127.0.0.1", null, null, false, Listener.Reading.UNKNOWN)),
                PortSet.EMPTY,
                new PortRange(32_768, 60_999),
                PortSet.EMPTY,
                false);
        return await(Leases.ACQUIRE.ask(
                vertx.eventBus(),
                new AcquireLease(
                        new InstanceKey(new HostId(host), new InstanceId(instance)),
                        new Incarnation(incarnation),
                        "openclaw-2026.7.1-wide",
                        Footprint.contiguous(111),
                        facts,
                        null,
                        rejected),
                SOON));
    }

    private LeaseReply confirm(Lease lease) throws TimeoutException {
        return await(Leases.RENEW.ask(
                vertx.eventBus(),
                new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD),
                SOON));
    }

    private static Lease granted(LeaseReply reply) {
        return ((LeaseReply.Granted) reply).lease();
    }

    private String revision() throws TimeoutException {
        return get("/v1/hosts").bodyAsJsonObject().getString("revision");
    }

    private HttpResponse<Buffer> get(String path) throws TimeoutException {
        return send(HttpMethod.GET, path, null);
    }

    private HttpResponse<Buffer> delete(String path) throws TimeoutException {
        return send(HttpMethod.DELETE, path, null);
    }

    private HttpResponse<Buffer> put(String path, String body) throws TimeoutException {
        return send(HttpMethod.PUT, path, body);
    }

    private HttpResponse<Buffer> post(String path, String body) throws TimeoutException {
        return send(HttpMethod.POST, path, body);
    }

    private HttpResponse<Buffer> send(HttpMethod method, String path, @Nullable String body) throws TimeoutException {
        HttpRequest<Buffer> request = client.request(method, port, "127.0.0.1", path);
        return await(
                body == null
                        ? request.send()
                        : request.putHeader("content-type", "application/json").sendBuffer(Buffer.buffer(body)));
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
