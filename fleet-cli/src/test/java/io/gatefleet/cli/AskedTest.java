package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What an operator sees of a command, with a registry that answers as it is told. */
class AskedTest {
    @TempDir
    private Path home = Path.of("");

    private final Map<String, String> heard = new ConcurrentHashMap<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @SuppressWarnings("NullAway.Init")
    private HttpServer registry;

    @BeforeEach
    void listen() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.start();
    }

    @AfterEach
    void close() {
        registry.stop(0);
    }

    /** @param results what the command's end is, by how often it was looked at; null: none yet */
    private void answers(@Nullable String... results) {
        List<@Nullable String> left = new ArrayList<>(List.of());
        for (String result : results) {
            left.add(result);
        }
        registry.createContext("/", exchange -> {
            paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!body.isEmpty()) {
                heard.put("body", body);
                heard.put("id", exchange.getRequestHeaders().getFirst("idempotency-key"));
            }
            String result = left.size() > 1 ? left.remove(0) : left.get(0);
            String view = view(result);
            byte[] bytes = (exchange.getRequestURI().getPath().startsWith("/v1/hosts")
                            ? "{\"items\":[" + view + "," + view.replace("\"main\"", "\"rescue\"") + "]}"
                            : view)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static String view(@Nullable String result) {
        return ("{\"command\":{\"id\":\"deadbeef\",\"instance\":{\"host\":\"mill\",\"instance\":\"main\"},"
                        + "\"order\":{\"kind\":\"restart\"},\"askedBy\":\"m\",\"deadlineMillis\":0},"
                        + "\"state\":\"%s\",\"askedMillisAgo\":5%s}")
                .formatted(result == null ? "delivered" : "ended", result == null ? "" : ",\"result\":" + result);
    }

    private int run(String words) {
        CommandLine line = Gatefleet.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String where = " --home %s --registry http://127.0.0.1:%d"
                .formatted(home, registry.getAddress().getPort());
        return line.execute((words + where).split(" ", -1));
    }

    @Test
    void whatIsAskedSaysWhoWhyAndByWhen() {
        answers("{\"outcome\":\"done\",\"said\":\"restarted\"}");

        int exit = run("restart main --host mill --by maria --reason slow --deadline 5 --id deadbeef");

        assertThat(exit).isEqualTo(Exit.OK);
        assertThat(paths).containsExactly("POST /v1/instances/mill/main/commands");
        assertThat(heard).containsEntry("id", "deadbeef");
        assertThat(new JsonObject(heard.get("body")))
                .isEqualTo(new JsonObject("{\"order\":{\"kind\":\"restart\"},\"askedBy\":\"maria\","
                        + "\"reason\":\"slow\",\"deadlineMillis\":5000}"));
        assertThat(out.toString()).isEqualTo("mill/main: restart done: restarted\n");
    }

    @ParameterizedTest(name = "{0} ends with {1}")
    @CsvSource({
        "done, 0, ''",
        "refused, 1, ''",
        "failed, 1, log",
        "not-done, 1, ask again",
        "unknown, 1, --id deadbeef --wait"
    })
    void everyResultHasItsExitCodeAndItsNextStep(String outcome, int exitCode, String next) {
        answers("{\"outcome\":\"%s\",\"said\":\"because\"}".formatted(outcome));

        assertThat(run("stop main --host mill")).isEqualTo(exitCode);
        assertThat(out.toString())
                .startsWith("mill/main: stop " + outcome + ": because")
                .contains(next);
    }

    @Test
    void whoDoesNotWaitIsToldHowToHearTheEnd() {
        answers(new String[] {null});

        assertThat(run("drain main --host mill")).isEqualTo(Exit.OK);
        assertThat(out.toString()).contains("delivered, and under way (deadbeef)", "--id deadbeef --wait");
    }

    @Test
    void whoWaitsIsToldTheEnd() {
        answers(null, null, "{\"outcome\":\"done\",\"said\":\"drained\"}");

        assertThat(run("drain main --host mill --wait")).isEqualTo(Exit.OK);
        assertThat(paths)
                .hasSize(3)
                .last()
                .asString()
                .startsWith("GET /v1/instances/mill/main/commands/deadbeef?wait=");
        assertThat(out.toString()).isEqualTo("mill/main: drain done: drained\n");
    }

    @Test
    void theLogIsPrintedAsItIs() {
        answers("{\"outcome\":\"done\",\"said\":\"2 lines\",\"log\":[\"starting\",\"ready\"]}");

        assertThat(run("logs main --host mill -n 2")).isEqualTo(Exit.OK);
        assertThat(out.toString()).isEqualTo("starting\nready\n");
        assertThat(heard.get("body")).contains("\"kind\":\"log-tail\",\"lines\":2");
    }

    @Test
    void allOfAHostAreAskedUnderOneId() {
        answers("{\"outcome\":\"done\",\"said\":\"in maintenance\"}");

        assertThat(run("maintenance on --all --host mill")).isEqualTo(Exit.OK);
        assertThat(paths).containsExactly("POST /v1/hosts/mill/commands");
        assertThat(heard.get("body")).contains("\"kind\":\"maintenance\",\"on\":true");
        assertThat(out.toString().lines())
                .containsExactly(
                        "mill/main: maintenance done: in maintenance", "mill/rescue: maintenance done: in maintenance");
    }

    @Test
    void programsGetJson() {
        answers("{\"outcome\":\"refused\",\"said\":\"cordoned\"}");

        assertThat(run("restart main --host mill --json")).isEqualTo(Exit.NO);
        assertThat(new JsonObject(out.toString())
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getJsonObject("result")
                        .getString("outcome"))
                .isEqualTo("refused");
    }
}
