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
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The habits of the families, as they were measured with the real programs. */
@Timeout(90)
class MannerIT {
    private static final String LOCAL =
            "{gateway: {mode: 'local', auth: {token: 'secret'}}, simulated: {lockMillis: 300}}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();
    private Path home;
    private int port;

    @BeforeEach
    void findPorts(@TempDir Path directory) throws IOException {
        home = directory;
        port = freePort();
    }

    @AfterEach
    void endEverything() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw | 200 application/json; charset=utf-8
            clawdbot | 200 text/html
            omniclaw | 503 text/plain; charset=utf-8
            """)
    void answersOnHttpAsItsFamily(String manner, String health) throws Exception {
        run(manner, LOCAL, Map.of());

        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode() + " "
                        + answer.headers().firstValue("Content-Type").orElse(""))
                .isEqualTo(health);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw | "protocol":4 | "bootId"
            clawdbot | "protocol":3 | "version":"dev"
            omniclaw | "protocol":3 | "version":"dev"
            """)
    void saysHelloAsItsFamily(String manner, String protocol, String server) throws Exception {
        run(manner, "{gateway: {mode: 'local', auth: {token: 'secret'}}, simulated: {startupMillis: 0}}", Map.of());

        await().atMost(Duration.ofSeconds(20)).until(() -> talk(3, 4, "secret").contains("hello-ok"));
        assertThat(talk(3, 4, "secret")).contains(protocol, server).endsWith("\"channels\":{}}}");
        assertThat(talk(3, 4, "wrong")).contains("unauthorized").endsWith("close 1008");
        assertThat(talk(1, 2, "secret")).contains("protocol mismatch").endsWith("close 1002");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw | 78 | Unrecognized key
            clawdbot | 1  | Config invalid
            omniclaw | 1  | Config invalid
            """)
    void aKeyThatNobodyKnowsEndsIt(String manner, int code, String says) throws Exception {
        Process gateway = begin(manner, "{gateway: {mode: 'local', auth: {token: 't'}}, nonsense: 1}", Map.of());

        assertThat(gateway.waitFor()).isEqualTo(code);
        assertThat(output()).contains(says);
    }

    @Test
    void withoutATokenOmniClawDoesNotStartAndClawdbotLetsEverybodyIn() throws Exception {
        assertThat(begin("omniclaw", "{gateway: {mode: 'local'}}", Map.of()).waitFor())
                .isEqualTo(1);
        run("clawdbot", "{gateway: {mode: 'local'}}", Map.of());

        assertThat(talk(3, 4, "anything")).contains("hello-ok");
    }

    @Test
    void omniClawReadsClawdbotsVariablesWhereItsOwnAreNotSet() throws Exception {
        Path state = Files.createDirectories(home.resolve("of-clawdbot"));
        Files.writeString(state.resolve("omniclaw.json"), LOCAL);

        start("omniclaw", Map.of("CLAWDBOT_GATEWAY_PORT", "" + port, "CLAWDBOT_STATE_DIR", state.toString()));

        untilListens(port);
    }

    @Test
    void omniClawAdoptsClawdbotsStateWhereItHasNone() throws Exception {
        Path adopted = Files.createDirectories(home.resolve(".clawdbot"));
        Files.writeString(adopted.resolve("omniclaw.json"), LOCAL);

        start("omniclaw", Map.of("HOME", home.toString(), "OMNICLAW_GATEWAY_PORT", "" + port));

        untilListens(port);
    }

    @Test
    void anotherTmpdirHidesTheSecondOfTwoClawdbotsOnOneState() throws Exception {
        run("clawdbot", LOCAL, Map.of());
        int first = port;
        port = freePort();

        assertThat(begin("clawdbot", LOCAL, Map.of()).waitFor()).isEqualTo(1);
        assertThat(output())
                .contains("gateway already running (pid " + started.get(0).pid() + ")");
        Path elsewhere = Files.createDirectories(home.resolve("tmp2"));
        run("clawdbot", LOCAL, Map.of("TMPDIR", elsewhere.toString()));

        assertThat(listens(first) && listens(port)).isTrue();
    }

    @Test
    void aSecondOpenClawOnTheSameStateIs78AndTheLockOfADeadOneIsReclaimed() throws Exception {
        Process first = run("openclaw", LOCAL, Map.of());
        port = freePort();
        assertThat(begin("openclaw", LOCAL, Map.of()).waitFor()).isEqualTo(78);
        assertThat(output()).contains("owns gateway-lifecycle");

        first.destroyForcibly().waitFor();

        run("openclaw", LOCAL, Map.of());
        assertThat(listens(port)).isTrue();
    }

    @Test
    void omniClawEndsASimulatedOmniClawOnItsPortAndNobodyElse() throws Exception {
        Process first = run("omniclaw", LOCAL, Map.of());
        Path other = Files.createDirectories(home.resolve("tmp2"));

        Process second = begin("omniclaw", LOCAL, Map.of("TMPDIR", other.toString()));

        assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
        untilListens(port);
        assertThat(second.isAlive()).isTrue();
        second.destroyForcibly().waitFor();
        try (ServerSocket stranger = new ServerSocket(port, 1, Loopback.V4)) {
            Process third = begin("omniclaw", LOCAL, Map.of());
            assertThat(third.waitFor()).as("a stranger is left alone").isEqualTo(1);
            assertThat(stranger.isClosed()).isFalse();
        }
    }

    @Test
    void clawdbotSaysThatItsControlListensWhetherItDoesOrNot() throws Exception {
        while (true) {
            try (ServerSocket control = new ServerSocket(port + 2, 1, Loopback.V4)) {
                assertThat(control.isBound()).isTrue();
                run("clawdbot", LOCAL, Map.of());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> output().contains("Browser control listening on http://127.0.0.1:" + (port + 2)));
                assertThat(started.get(0).isAlive()).isTrue();
                return;
            } catch (java.net.BindException taken) {
                port = freePort();
            }
        }
    }

    private Process run(String manner, String config, Map<String, String> more) throws IOException {
        Process process = begin(manner, config, more);
        untilListens(port);
        return process;
    }

    private Process begin(String manner, String config, Map<String, String> more) throws IOException {
        String prefix = manner.toUpperCase(java.util.Locale.ROOT) + "_";
        Path file = Files.writeString(home.resolve(manner + ".json"), config);
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "TMPDIR",
                home.toString(),
                prefix + "CONFIG_PATH",
                file.toString(),
                prefix + "STATE_DIR",
                home.toString(),
                prefix + "GATEWAY_PORT",
                "" + port));
        environment.putAll(more);
        return start(manner, environment);
    }

    private Process start(String manner, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(Settings.java(SimulatedGateway.class.getName()));
        command.addAll(List.of("--manner", manner, "gateway"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.endsWith("_GATEWAY_PORT") || name.endsWith("_STATE_DIR"));
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("output.log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    /** Everything that it says to a probing client, up to its health or the end of the connection. */
    private String talk(int least, int most, String token) throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        return WebSocket.Listener.super.onText(from, text, last);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        heard.add("close " + code);
                        return WebSocket.Listener.super.onClose(from, code, reason);
                    }
                })
                .join();
        StringBuilder all = new StringBuilder(next(heard));
        assertThat(all.toString()).contains("connect.challenge");
        socket.sendText(
                        "{\"type\":\"req\",\"id\":\"1\",\"method\":\"connect\",\"params\":{\"minProtocol\":" + least
                                + ",\"maxProtocol\":" + most + ",\"client\":{\"mode\":\"probe\"},\"auth\":{\"token\":\""
                                + token + "\"}}}",
                        true)
                .join();
        String answer = next(heard);
        all.append(answer);
        if (answer.contains("hello-ok")) {
            socket.sendText("{\"type\":\"req\",\"id\":\"2\",\"method\":\"health\",\"params\":{}}", true)
                    .join();
        }
        all.append(next(heard));
        socket.abort();
        return all.toString();
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String text = heard.poll(20, TimeUnit.SECONDS);
        assertThat(text).as("something was said").isNotNull();
        return String.valueOf(text);
    }

    private String output() throws IOException {
        return Files.readString(home.resolve("output.log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static void untilListens(int port) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> listens(port));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(Loopback.V4, port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
