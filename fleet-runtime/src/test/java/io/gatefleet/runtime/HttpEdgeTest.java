package io.gatefleet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.access.Needs;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpEdgeTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));

    private final AtomicReference<Optional<String>> unready = new AtomicReference<>(Optional.empty());
    private final PrometheusMeterRegistry meters = Meters.of("test");
    private final Vertx vertx = ServiceProcess.vertx(meters);
    private final WebClient client = WebClient.create(vertx);
    private int port;

    record Greeting(String name, int times) {}

    @BeforeEach
    void listen() throws TimeoutException {
        HttpEdge edge = HttpEdge.create(vertx, "test", meters, unready::get);
        edge.routes().post("/greetings", Needs.NOTHING, ctx -> {
            Greeting greeting = HttpEdge.body(ctx, Wire.STRICT, Greeting.class);
            HttpEdge.send(ctx, 200, greeting);
        });
        edge.routes().get("/numbers", Needs.NOTHING, ctx -> {
            List<String> numbers =
                    IntStream.range(100, 350).mapToObj(Integer::toString).toList();
            HttpEdge.send(ctx, 200, HttpEdge.page(ctx, numbers, number -> number, "7"));
        });
        edge.routes().get("/hosts", Needs.NOTHING, ctx -> {
            HttpEdge.onlyParameters(ctx, "name", "limit");
            HttpEdge.send(ctx, 200, HttpEdge.parameter(ctx, "name", HostId::new).isPresent());
        });
        edge.routes().get("/bug", Needs.NOTHING, ctx -> {
            throw new IllegalStateException("token=s3cret");
        });
        edge.routes()
                .get(
                        "/recovering",
                        Needs.NOTHING,
                        ctx -> HttpEdge.refuse(
                                ctx, new Refusal.Recovering(new HostId("mill"), PortSet.parse("18789-18899"), 4500)));
        edge.routes()
                .get(
                        "/superseded",
                        Needs.NOTHING,
                        ctx -> HttpEdge.refuse(
                                ctx, new Refusal.Superseded(MAIN, new Incarnation(4), new Incarnation(5))));
        port = edge.listen("127.0.0.1", 0).await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no JSON             | application/json | {"name":                      | 400 | bad-input              | body
            a missing field     | application/json | {"times": 3}                  | 400 | bad-input              | name
            a null              | application/json | {"name": null, "times": 3}    | 400 | bad-input              | name
            a wrong type        | application/json | {"name": "a", "times": "x"}   | 400 | bad-input              | times
            a number with parts | application/json | {"name": "a", "times": 1.5}   | 400 | bad-input              | times
            an unknown field    | application/json | {"name": "a", "times": 1, "z": 1} | 400 | bad-input          | z
            a field twice       | application/json | {"name": "a", "name": "b", "times": 1} | 400 | bad-input     | body
            a list              | application/json | []                            | 400 | bad-input              | body
            null alone          | application/json | null                          | 400 | bad-input              | body
            another media type  | text/plain       | {"name": "a", "times": 1}     | 415 | unsupported-media-type |
            """)
    void aBodyThatCannotBeUsedIsAnsweredWithWhatIsWrong(
            String why, String type, String body, int status, String code, String name) throws TimeoutException {
        HttpResponse<Buffer> response = client.post(port, "127.0.0.1", "/greetings")
                .putHeader("content-type", type)
                .sendBuffer(Buffer.buffer(body))
                .await(10, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("name")).isEqualTo(name);
        assertThat(problem.getString("instance")).isEqualTo("/greetings");
        assertThat(problem.getString("detail")).contains("expected");
    }

    @Test
    void anOversizedBodyIsRefusedWithTheLimit() throws TimeoutException {
        Buffer large = Buffer.buffer("{\"name\":\"" + "x".repeat((int) HttpEdge.LARGEST_BODY_BYTES) + "\"}");

        HttpResponse<Buffer> response = client.post(port, "127.0.0.1", "/greetings")
                .putHeader("content-type", "application/json")
                .sendBuffer(large)
                .await(10, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo("body-too-large");
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere,404,no-such-path", "DELETE,/greetings,405,method-not-allowed"})
    void whatIsNotThereIsSaidAsAProblem(String method, String path, int status, String code) throws TimeoutException {
        HttpResponse<Buffer> response = client.request(HttpMethod.valueOf(method), port, "127.0.0.1", path)
                .send()
                .await(10, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo(code);
    }

    @Test
    void aFaultOfOursTellsNothingToStrangers() throws TimeoutException {
        HttpResponse<Buffer> response = get("/bug");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.bodyAsString()).contains("internal").doesNotContain("s3cret");
    }

    @Test
    void aRefusalCarriesItsFactsAndWhenToAskAgain() throws TimeoutException {
        HttpResponse<Buffer> recovering = get("/recovering");
        assertThat(recovering.statusCode()).isEqualTo(503);
        assertThat(recovering.getHeader("retry-after")).isEqualTo("5");
        assertThat(recovering.bodyAsJsonObject().getString("unknownGuards")).isEqualTo("18789-18899");

        JsonObject superseded = get("/superseded").bodyAsJsonObject();
        assertThat(superseded.getString("code")).isEqualTo("superseded");
        assertThat(superseded.getJsonObject("subject").getString("instance")).isEqualTo("main");
        assertThat(superseded.getString("instance")).isEqualTo("/superseded");
        assertThat(superseded.getLong("newest")).isEqualTo(5);
    }

    @Test
    void pagesNeitherSkipNorRepeat() throws TimeoutException {
        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            JsonObject page = get("/numbers?limit=60" + token).bodyAsJsonObject();
            page.getJsonArray("items").forEach(item -> seen.add((String) item));
            String next = page.getString("nextPageToken");
            token = next == null ? "" : "&pageToken=" + next;
        } while (!token.isEmpty());

        assertThat(seen).hasSize(250).doesNotHaveDuplicates().startsWith("100").endsWith("349");
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=1001,limit", "limit=x,limit", "limit=1&limit=2,limit", "pageToken=~,pageToken"})
    void aPageParameterThatCannotBeUsedIsNamed(String query, String name) throws TimeoutException {
        HttpResponse<Buffer> response = get("/numbers?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().getString("name")).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name=MILL   | 400 | name
            nmae=mill   | 400 | nmae
            name=mill   | 200 |
            """)
    void aFilterThatCannotBeUsedIsNamedAsItIsSpeltInTheQuery(String query, int status, String name)
            throws TimeoutException {
        HttpResponse<Buffer> response = get("/hosts?" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 400) {
            assertThat(response.bodyAsJsonObject().getString("name")).isEqualTo(name);
        }
    }

    @Test
    void readinessSaysWhyNot() throws TimeoutException {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        unready.set(Optional.of("the cluster is not safe"));
        HttpResponse<Buffer> response = get("/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.bodyAsString()).contains("the cluster is not safe");
    }

    @Test
    void metersAreServedInTheFormatThatPrometheusInsistsOn() throws TimeoutException {
        get("/livez");
        HttpResponse<Buffer> response = get("/metrics");

        assertThat(response.getHeader("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.bodyAsString())
                .contains(
                        "gatefleet_build{service=\"test\"",
                        "jvm_memory_used_bytes",
                        "process_cpu_seconds_total",
                        "system_cpus",
                        "vertx_http_server_requests_total")
                .doesNotContain("system_cpu_count", "process_cpu_time");
    }

    private HttpResponse<Buffer> get(String path) throws TimeoutException {
        return client.get(port, "127.0.0.1", path).send().await(10, TimeUnit.SECONDS);
    }
}
