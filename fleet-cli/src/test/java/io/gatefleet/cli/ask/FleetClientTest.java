package io.gatefleet.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import io.gatefleet.contract.lease.Reserve;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetClientTest {
    private static final String NEXT = "Start it.";

    private final Map<String, String> heard = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aListIsReadPageAfterPage() {
        serve("/list", exchange -> {
            String query = String.valueOf(exchange);
            return query.contains("pageToken=two")
                    ? "{\"items\":[3],\"revision\":1}"
                    : "{\"items\":[1,2],\"nextPageToken\":\"two\",\"revision\":1}";
        });

        assertThat(client().items(Service.REGISTRY, "/list"))
                .extracting(JsonNode::asInt)
                .containsExactly(1, 2, 3);
    }

    @Test
    void whatIsSentIsJson() {
        serve("/reservations", query -> "{}");

        client().put(Service.ALLOCATOR, "/reservations", new Reserve(PortSet.of(80), null));

        assertThat(heard).containsEntry("method", "PUT").containsEntry("type", "application/json");
        assertThat(heard.get("body")).contains("\"ports\":\"80\"");
    }

    @ParameterizedTest(name = "{0} {1} ends with {2}")
    @CsvSource({
        "404, unknown-host, 1",
        "409, claim-conflict, 1",
        "400, bad-input, 2",
        "503, unavailable, 2",
        "500, internal, 2"
    })
    void aProblemBecomesItsDetailAndAnExitCode(int status, String code, int exitCode) {
        answer(
                "/problem",
                status,
                ("{\"type\":\"t\",\"title\":\"T\",\"status\":%d,\"code\":\"%s\",\"detail\":\"So it is.\","
                                + "\"further\":[1]}")
                        .formatted(status, code));

        CannotGoOn cannot = asking("/problem");

        assertThat(cannot).hasMessage("So it is. (" + code + ")");
        assertThat(cannot.exitCode()).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @CsvSource({"200, <html>hello</html>", "404, <html>hello</html>", "500, ''"})
    void anotherProgramOnThePortIsSaidToBeOne(int status, String body) {
        answer("/x", status, body.isEmpty() ? " " : body);

        CannotGoOn cannot = asking("/x");

        assertThat(cannot)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("not of the health-aggregator");
        assertThat(cannot.exitCode()).isEqualTo(Exit.CANNOT_ASK);
        assertThat(cannot.next()).contains("--health URL");
    }

    @Test
    void whereNobodyListensTheNextStepIsSaid() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        FleetClient client = new FleetClient(service -> URI.create("http://127.0.0.1:" + free), NEXT);

        CannotGoOn cannot = catchThrowableOfType(CannotGoOn.class, () -> client.get(Service.HEALTH, "/"));

        assertThat(cannot)
                .hasMessage("no answer from the health-aggregator at http://127.0.0.1:%d: nobody listens there"
                        .formatted(free));
        assertThat(cannot.next()).isEqualTo(NEXT);
        assertThat(cannot.exitCode()).isEqualTo(Exit.CANNOT_ASK);
    }

    private CannotGoOn asking(String path) {
        return catchThrowableOfType(CannotGoOn.class, () -> client().get(Service.HEALTH, path));
    }

    private FleetClient client() {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new FleetClient(service -> base, NEXT);
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void serve(String path, UnaryOperator<String> answer) {
        server.createContext(path, exchange -> {
            heard.put("method", exchange.getRequestMethod());
            heard.put("type", String.valueOf(exchange.getRequestHeaders().getFirst("content-type")));
            heard.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.apply(exchange.getRequestURI().toString()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
