package io.gatefleet.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The answers are those of OpenClaw 2026.9.6, word for word. */
@Timeout(60)
class SimulatedGatewayIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();
    private Path home;
    private int port;

    @BeforeEach
    void findPort(@TempDir Path directory) throws IOException {
        home = directory;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void endEverything() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void answersPhaseByPhase() throws Exception {
        Process gateway = run("{gateway: {mode: 'local'}, simulated: {startupMillis: 1500, drainMillis: 1500}}");
        until(() -> status("/healthz") == 200);

        assertThat(get("/healthz").body()).isEqualTo("{\"ok\":true,\"status\":\"live\"}");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body())
                .matches("\\{\"ready\":false,\"failing\":\\[\"startup-sidecars\"],\"uptimeMs\":\\d+}");
        assertThat(get("/startupz").statusCode()).isEqualTo(503);
        assertThat(get("/startupz").body())
                .matches("\\{\"ok\":false,\"status\":\"starting\",\"version\":\"2026\\.9\\.6\",\"uptimeMs\":\\d+,"
                        + "\"pendingReason\":\"startup-sidecars\"}");

        until(() -> status("/readyz") == 200);
        assertThat(get("/ready").body())
                .matches("\\{\"ready\":true,\"failing\":\\[],\"uptimeMs\":\\d+,\"eventLoop\":\\{.*}}");
        assertThat(get("/startup").body())
                .matches("\\{\"ok\":true,\"status\":\"started\",\"version\":\"2026\\.9\\.6\",\"uptimeMs\":\\d+}");
        assertThat(get("/health").headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/json");

        gateway.destroy();
        until(() -> status("/readyz") == 503);
        assertThat(get("/readyz").body()).contains("\"failing\":[\"gateway-draining\"]");
        assertThat(get("/healthz").statusCode()).as("it still lives").isEqualTo(200);
        assertThat(gateway.waitFor()).as("a stop in order").isZero();
    }

    @Test
    void everyPathThatItDoesNotKnowIsItsWebApplication() throws Exception {
        run("{gateway: {mode: 'local'}}");
        until(() -> status("/readyz") == 200);

        HttpResponse<String> metrics = get("/metrics");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type")).contains("text/html");
    }

    @Test
    void doesAsItIsToldByItsTokenOnly() throws Exception {
        run("{gateway: {mode: 'local'}}");
        until(() -> status("/readyz") == 200);

        assertThat(simulate("wrong", "{\"do\":\"unready\"}").statusCode()).isEqualTo(401);
        assertThat(simulate("secret", "{\"do\":\"dance\"}").statusCode()).isEqualTo(400);
        assertThat(simulate("secret", "nonsense").statusCode()).isEqualTo(400);
        assertThat(simulate("secret", "{\"do\":\"unready\",\"failing\":\"x\\\"y\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(get("/readyz").body()).contains("\"failing\":[\"x\\\"y\"]");
    }

    @Test
    void aBrowserIsAChildThatSurvivesAKilledGateway() throws Exception {
        Process gateway = run("{gateway: {mode: 'local'}}");
        until(() -> status("/readyz") == 200);
        assertThat(simulate("secret", "{\"do\":\"browser\"}").body()).contains("\"cdpPort\":" + (port + 11));
        until(() -> listens(port + 11) && listens(port + 10));
        ProcessHandle browser = gateway.children().findFirst().orElseThrow();

        gateway.destroyForcibly().waitFor();

        try {
            assertThat(listens(port + 11)).isTrue();
            assertThat(Files.readString(Path.of("/proc/" + browser.pid() + "/cmdline")))
                    .contains("--user-data-dir=" + home.resolve("browser/openclaw/user-data"));
        } finally {
            browser.destroyForcibly();
        }
    }

    @Test
    void aBrowserEndsWithAGatewayThatStopsInOrder() throws Exception {
        Process gateway = run("{gateway: {mode: 'local'}, browser: {profiles: {work: {cdpPort: " + (port + 3)
                + "}, chrome: {driver: 'existing-session'}}}}");
        until(() -> status("/readyz") == 200);
        simulate("secret", "{\"do\":\"browser\",\"profile\":\"work\"}");
        until(() -> listens(port + 3));
        assertThat(listens(port + 10)).as("no relay with an existing session").isFalse();

        gateway.destroy();
        gateway.waitFor();

        assertThat(listens(port + 3)).isFalse();
    }

    @Test
    void aConfigurationThatItDoesNotStartWithIs78AndABusyPortIs1() throws Exception {
        assertThat(run("{gateway: {port: 1}}").waitFor()).isEqualTo(78);
        assertThat(run("{gateway: ").waitFor()).isEqualTo(78);
        Process first = run("{gateway: {mode: 'local'}}");
        until(() -> status("/readyz") == 200);
        Process second = run("{gateway: {mode: 'local'}}");

        assertThat(second.waitFor()).isEqualTo(1);

        assertThat(Files.readString(home.resolve("output.log"), StandardCharsets.UTF_8))
                .contains("another gateway instance is already listening on ws://127.0.0.1:" + port);
        assertThat(first.isAlive()).isTrue();
    }

    private Process run(String config) throws IOException {
        Path file = Files.writeString(home.resolve("simulated.json"), config);
        List<String> command = new ArrayList<>(Settings.java(SimulatedGateway.class.getName()));
        command.addAll(List.of("gateway", "run"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SIMULATED_CONFIG_PATH", file.toString());
        builder.environment().put("SIMULATED_STATE_DIR", home.toString());
        builder.environment().put("SIMULATED_GATEWAY_PORT", Integer.toString(port));
        builder.environment().put("SIMULATED_GATEWAY_TOKEN", "secret");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("output.log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> simulate(String token, String json) throws IOException, InterruptedException {
        return http.send(
                request("/simulate")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException refused) {
            return 0;
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(Loopback.V4, port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }
}
