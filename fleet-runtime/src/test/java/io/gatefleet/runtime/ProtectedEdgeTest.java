package io.gatefleet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener that knows whom it answers. */
class ProtectedEdgeTest {
    @TempDir
    private Path directory = Path.of("");

    private final String alice = OperatorToken.random(Role.ADMIN);
    private final String prometheus = OperatorToken.random(Role.READ);
    private final PrometheusMeterRegistry meters = Meters.of("test");
    private final Vertx vertx = ServiceProcess.vertx(meters);
    private final WebClient client = WebClient.create(vertx);
    private final AtomicInteger changes = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private AuditLog audit;

    private int port;

    @BeforeEach
    void listen() throws IOException, TimeoutException {
        tokens(
                OperatorToken.of("alice", Role.ADMIN, alice, null),
                OperatorToken.of("prometheus", Role.READ, prometheus, null));
        audit = AuditLog.open(directory.resolve("audit.jsonl"), "test");
        port = listen(new Protection(Access.by(directory, false), audit));
    }

    private int listen(Protection protection) throws TimeoutException {
        HttpEdge edge = HttpEdge.create(vertx, "test", meters, Readiness.ALWAYS, protection);
        edge.routes()
                .get("/things", Needs.READ, ctx -> HttpEdge.send(ctx, 200, "things"))
                .post("/things", Needs.ADMIN, ctx -> {
                    changes.incrementAndGet();
                    HttpEdge.send(ctx, 201, Routes.caller(ctx).name());
                });
        return edge.listen("127.0.0.1", 0).await(10, TimeUnit.SECONDS);
    }

    private void tokens(OperatorToken... tokens) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (OperatorToken token : tokens) {
            lines.append(token.line()).append('\n');
        }
        Files.writeString(directory.resolve("tokens"), lines);
    }

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
        audit.close();
    }

    private HttpResponse<Buffer> ask(HttpMethod method, String path, @Nullable String token) throws TimeoutException {
        HttpRequest<Buffer> request = client.request(method, port, "127.0.0.1", path);
        if (token != null) {
            request.putHeader("Authorization", "Bearer " + token);
        }
        return (method.equals(HttpMethod.POST) ? request.sendBuffer(Buffer.buffer("{}")) : request.send())
                .await(10, TimeUnit.SECONDS);
    }

    private String audited() throws IOException {
        audit.close();
        return Files.readString(directory.resolve("audit.jsonl"));
    }

    @Test
    void whoShowsNoTokenIsToldHow() throws TimeoutException {
        HttpResponse<Buffer> response = ask(HttpMethod.GET, "/things", null);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.getHeader("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatefleet\"");
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo("token-missing");
        assertThat(ask(HttpMethod.GET, "/things", "nonsense").getHeader("WWW-Authenticate"))
                .contains("error=\"invalid_token\"");
    }

    @Test
    void whatAdminsDoAndWhatIsRefusedIsWrittenDownWithNamesAndNoTokens() throws TimeoutException, IOException {
        assertThat(ask(HttpMethod.POST, "/things", alice).bodyAsString()).contains("alice");
        assertThat(ask(HttpMethod.POST, "/things", prometheus).statusCode()).isEqualTo(403);
        assertThat(ask(HttpMethod.POST, "/things", "gfa1.guess").statusCode()).isEqualTo(401);
        assertThat(changes).hasValue(1);

        assertThat(audited())
                .contains("\"action\":\"admin\"", "\"who\":\"alice\"", "\"outcome\":\"201\"", "POST /things")
                .contains("\"who\":\"prometheus\"", "\"outcome\":\"forbidden\"", "\"from\":\"127.0.0.1\"")
                .contains("\"who\":\"stranger\"", "\"outcome\":\"token-unknown\"")
                .doesNotContain(alice.substring(0, 12), prometheus.substring(0, 12), "gfa1.");
    }

    @Test
    void whoIsRefusedTooOftenIsSlowedDownAndNobodyElseOfTheSameAddressIs() throws TimeoutException, IOException {
        HttpResponse<Buffer> last = ask(HttpMethod.GET, "/things", "wrong");
        for (int i = 0; i < 30; i++) {
            last = ask(HttpMethod.GET, "/things", "wrong-" + i);
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.getHeader("Retry-After")).isEqualTo("3");
        assertThat(ask(HttpMethod.GET, "/things", prometheus).statusCode()).isEqualTo(200);
        assertThat(ask(HttpMethod.GET, "/livez", null).statusCode()).isEqualTo(200);
        assertThat(audited().lines().filter(line -> line.contains("token-unknown")))
                .hasSizeBetween(20, 22);
        assertThat(audited().lines().filter(line -> line.contains("too-many-failures")))
                .hasSizeBetween(1, 2);
    }

    @Test
    void tokensAreTakenBackWithoutARestart() throws TimeoutException, IOException {
        assertThat(ask(HttpMethod.GET, "/things", alice).statusCode()).isEqualTo(200);

        tokens(OperatorToken.of("prometheus", Role.READ, prometheus, null));

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ask(HttpMethod.GET, "/things", alice).statusCode() == 401);
        assertThat(ask(HttpMethod.GET, "/things", prometheus).statusCode()).isEqualTo(200);
    }

    @Test
    void metersNeedATokenUnlessTheyWereOpened() throws TimeoutException {
        assertThat(ask(HttpMethod.GET, "/metrics", null).statusCode()).isEqualTo(401);
        assertThat(ask(HttpMethod.GET, "/metrics", prometheus).statusCode()).isEqualTo(200);

        port = listen(new Protection(Access.by(directory, true), AuditLog.NONE));

        assertThat(ask(HttpMethod.GET, "/metrics", null).statusCode()).isEqualTo(200);
        assertThat(ask(HttpMethod.GET, "/things", null).statusCode()).isEqualTo(401);
    }

    @Test
    void withoutAccessOnlyLoopbackIsListenedOn() {
        HttpEdge edge = HttpEdge.create(vertx, "test", meters, Readiness.ALWAYS);

        assertThatThrownBy(() -> edge.listen("0.0.0.0", 0).await(10, TimeUnit.SECONDS))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("http-host: 0.0.0.0")
                .hasMessageContaining("--access-dir");
    }

    @Test
    void withoutAccessAWebPageCannotAskThroughANameOfItsOwn() throws TimeoutException {
        port = listen(Protection.NONE);

        HttpResponse<Buffer> rebound = client.post(port, "127.0.0.1", "/things")
                .virtualHost("attacker.example")
                .sendBuffer(Buffer.buffer("{}"))
                .await(10, TimeUnit.SECONDS);

        assertThat(rebound.statusCode()).isEqualTo(421);
        assertThat(changes).hasValue(0);
        assertThat(ask(HttpMethod.POST, "/things", null).statusCode()).isEqualTo(201);
    }

    @Test
    void aRouteThatSaysNoNeedsKeepsTheServiceFromListening() {
        HttpEdge edge = HttpEdge.create(vertx, "test", meters, Readiness.ALWAYS);
        edge.router().get("/forgotten").handler(ctx -> ctx.end());

        assertThatThrownBy(() -> edge.listen("127.0.0.1", 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/forgotten");
    }
}
