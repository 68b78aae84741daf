package io.gatefleet.registry;

import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Readiness;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.cluster.Membership;
import io.gatefleet.runtime.watch.WatchDesk;
import io.gatefleet.runtime.watch.WatchRules;
import io.gatefleet.testing.OpenApiDocument;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final String INSTANCES = "/v1/instances";
    private static final String INSTANCE = "/v1/instances/{host}/{instance}";
    private static final String HEARTBEATS = INSTANCE + "/heartbeats";

    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @SuppressWarnings("NullAway.Init")
    private OpenApiDocument document;

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
        document = OpenApiDocument.of(registry.vertx, RegistryVerticle.SERVICE);
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void theDocumentIsOpenApi() {
        assertThat(document.wellFormed().getValid())
                .as("%s", document.wellFormed().getErrors())
                .isTrue();
    }

    @Test
    void everyRouteIsDocumentedAndEverythingDocumentedIsARoute() {
        HttpEdge edge = HttpEdge.create(registry.vertx, RegistryVerticle.SERVICE, registry.meters, Readiness.ALWAYS);
        ChangeLog<InstanceView> log = new ChangeLog<>("a", 10);
        InstanceBook book = new InstanceBook(Duration.ofMinutes(1), Duration.ofHours(1), log);
        RegistryConfig config = RegistryConfig.defaults();
        InstanceDesk desk = new InstanceDesk(
                book,
                new LedgerClient(registry.vertx, Membership.ALONE, config.askTimeout(), config.retryAfter()),
                config.pacing(),
                new News(registry.vertx),
                System::nanoTime,
                new RegistryMeters(registry.meters));
        CommandDesk commands = new CommandDesk(
                registry.vertx,
                Membership.ALONE,
                book,
                AuditLog.NONE,
                new RegistryMeters(registry.meters),
                System::nanoTime);
        new CommandHttp(commands, book, System::nanoTime).mount(edge.routes());
        Learning known = new Learning(Duration.ZERO, System::nanoTime);
        new TargetsHttp(book, Membership.ALONE, known, System::nanoTime).mount(edge.routes());
        new RegistryHttp(
                        desk,
                        book,
                        new WatchDesk<>(
                                registry.vertx,
                                new InstanceFeed(book, log, System::nanoTime, Map::of),
                                WatchRules.DEFAULT,
                                registry.meters,
                                System::nanoTime),
                        known,
                        System::nanoTime,
                        config.protection())
                .mount(edge.routes());

        assertThat(OpenApiDocument.routes(edge.router())).isEqualTo(document.operations());
    }

    @Test
    void whatIsAnsweredIsWhatIsDocumented() throws TimeoutException {
        Claim claim = new Claim(20_000, Words.WIDE, 99, GuardState.HELD, true);
        HttpResponse<Buffer> created =
                registry.register(MAIN, Words.join(7, Flavor.OPENCLAW, Map.of("team", "a b"), claim));
        assertThat(created.statusCode()).isEqualTo(201);
        document.check("PUT", INSTANCE, created);
        HttpResponse<Buffer> repeated = registry.register(MAIN, Words.join(7));
        assertThat(repeated.statusCode()).isEqualTo(200);
        document.check("PUT", INSTANCE, repeated);

        Lease lease = registry.join(MAIN, 7);
        GatewayReport full = new GatewayReport(
                GatewayState.RUNNING,
                4712,
                "2026.9.6",
                "boot-1",
                2,
                1,
                1500,
                new GatewayReport.Probe(true, false, List.of("startup-sidecars"), "503", 3),
                List.of(new GatewayReport.Finding("orphaned-browser", "pid 4713 holds 18800")),
                80_000_000L);
        document.check(
                "POST",
                HEARTBEATS,
                registry.heartbeat(
                        MAIN, new Heartbeat(lease.incarnation(), 1, GuardState.HELD, lease, full, 90_000_000L)));
        document.check("GET", INSTANCE, registry.get(RegistryUnderTest.path(MAIN)));
        registry.join(Words.RESCUE, 1);
        HttpResponse<Buffer> page = registry.get(INSTANCES + "?limit=1");
        assertThat(page.bodyAsJsonObject().getString("nextPageToken")).isNotNull();
        document.check("GET", INSTANCES, page);
        HttpResponse<Buffer> gone = registry.goodbye(MAIN, 7);
        assertThat(gone.statusCode()).isEqualTo(204);
        document.check("DELETE", INSTANCE, gone);
        document.check("GET", INSTANCE, registry.get(RegistryUnderTest.path(MAIN)));
        for (String path : List.of("/livez", "/readyz", "/metrics", "/openapi.yaml")) {
            document.check("GET", path, registry.get(path));
        }
    }

    @Test
    void whatIsRefusedIsRefusedAsDocumented() throws TimeoutException {
        Lease lease = registry.join(MAIN, 7);
        document.check("GET", INSTANCE, registry.get("/v1/instances/mill/nobody"));
        document.check("GET", INSTANCE, registry.get("/v1/instances/MILL/main"));
        document.check("GET", INSTANCES, registry.get(INSTANCES + "?state=asleep"));
        document.check("DELETE", INSTANCE, registry.goodbye(MAIN, 8));
        document.check("DELETE", INSTANCE, registry.request(HttpMethod.DELETE, RegistryUnderTest.path(MAIN)));
        document.check("PUT", INSTANCE, registry.register(MAIN, Words.join(6)));
        document.check(
                "PUT", INSTANCE, registry.send(HttpMethod.PUT, RegistryUnderTest.path(MAIN), Buffer.buffer("{")));
        document.check(
                "POST",
                HEARTBEATS,
                registry.send(
                        HttpMethod.POST,
                        RegistryUnderTest.path(MAIN) + "/heartbeats",
                        "text/plain",
                        Buffer.buffer("{}")));
        document.check(
                "POST", HEARTBEATS, registry.heartbeat(Words.RESCUE, Words.beat(Words.lease(Words.RESCUE, 1, 1), 1)));
        List<Refusal> refusals = List.of(
                new Refusal.PoolExhausted(MAIN.host(), PortSet.parse("20000-20100"), Words.WIDE, 101, 101),
                new Refusal.PoolTooNarrow(MAIN.host(), PortSet.parse("20000-20100"), Words.WIDE, 65_425),
                new Refusal.ClaimConflict(MAIN, PortSet.parse("20000-20110"), lease),
                new Refusal.NoUsableRange(MAIN, List.of()),
                new Refusal.Recovering(MAIN.host(), PortSet.parse("20000-20110"), 5000));
        for (Refusal refusal : refusals) {
            registry.allocator.refuseWith(refusal);
            HttpResponse<Buffer> answer = registry.register(
                    new io.gatefleet.contract.instance.InstanceKey(MAIN.host(), new InstanceId("other")),
                    Words.join(1));
            assertThat(answer.bodyAsJsonObject().getString("code"))
                    .isEqualTo(refusal.kind().toString());
            document.check("PUT", INSTANCE, answer);
        }
        registry.allocator.refuseWith(new Refusal.LeaseRevoked(MAIN, lease.fence()));
        document.check("POST", HEARTBEATS, registry.heartbeat(MAIN, Words.beat(lease, 2)));
    }
}
