package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.PortProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, with simulated gateways, as a user runs it. */
@Timeout(300)
class UpIT {
    private static final Duration READY = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Distribution gatefleet;

    @SuppressWarnings("NullAway.Init")
    private PortRange pool;

    @BeforeEach
    void prepare() {
        home = directory.resolve("home");
        gatefleet = new Distribution(home);
        pool = freeWindow(400);
    }

    @AfterEach
    void cleanUp() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        for (ProcessHandle process : gatefleet.processes()) {
            process.destroyForcibly();
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> gatefleet.processes().isEmpty());
    }

    @Test
    void oneCommandBringsUpTwoGatewaysThatCanBeAskedAboutAndCtrlCStopsAll() throws Exception {
        Path said = directory.resolve("up.txt");
        Process up = up(said);
        Shown rows = rows(said);

        assertThat(rows.main().ports().overlaps(rows.rescue().ports())).isFalse();
        for (Row row : List.of(rows.main(), rows.rescue())) {
            assertThat(pool.contains(row.ports().first())
                            && pool.contains(row.ports().last()))
                    .isTrue();
        }

        statusIsWell();
        theHolderOfAPortIsNamed(rows.main());
        aReservationKeepsAPortOutOfThePool(pool.last());
        theGatewaysOwnCommandLineIsAimedAtItsInstance(rows.main());
        everyServiceAnswersPrometheus();
        aSecondUpIsRefused(up.pid());

        Distribution.signal(up.pid(), "INT");

        assertThat(up.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(said)).isTrue();
        assertThat(up.exitValue()).as(Files.readString(said)).isZero();
        assertThat(Files.readString(said)).contains("main: stopped", "rescue: stopped", "all stopped");
        assertThat(gatefleet.processes()).isEmpty();
        assertThat(PortProbe.busy(PortSet.of(pool), PortSet.EMPTY)).isEmpty();
        assertThat(home.resolve("fleet.json")).doesNotExist();
        assertThat(gatefleet.run("status").err()).contains("no fleet runs in " + home, "./gatefleet up");
    }

    @Test
    void gatewaysOutliveAKilledUpAndTheNextOneFindsThemOnTheSamePorts() throws Exception {
        Process first = up(directory.resolve("first.txt"));
        Shown before = rows(directory.resolve("first.txt"));

        first.destroyForcibly().waitFor();
        Distribution.Result orphaned = gatefleet.run("status");
        assertThat(orphaned.exitCode()).isEqualTo(Exit.CANNOT_ASK);
        assertThat(orphaned.err()).contains("pid " + first.pid() + ", which is gone", "./gatefleet up");

        Process second = up(directory.resolve("second.txt"));
        Shown after = rows(directory.resolve("second.txt"));

        assertThat(after).isEqualTo(before); // the same bases, and the same processes behind them
        assertThat(Files.readString(directory.resolve("second.txt"))).contains("its node runs already");
        statusIsWell();

        Distribution.signal(second.pid(), "TERM");
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue())
                .as(Files.readString(directory.resolve("second.txt")))
                .isZero();
        assertThat(gatefleet.processes()).isEmpty();
    }

    @Test
    void aSecondCtrlCLeavesWhatHasNotStoppedAndSaysWhatThatIs() throws Exception {
        Path said = directory.resolve("up.txt");
        Process up = up(said);
        rows(said);
        long node = Long.parseLong(
                Files.readString(home.resolve("instances/rescue/node.pid")).strip());
        // A node that cannot hear: frozen.
        Distribution.signal(node, "STOP");

        Distribution.signal(up.pid(), "INT");
        await().atMost(READY).untilAsserted(() -> assertThat(read(said)).contains("main: stopped"));
        assertThat(up.isAlive()).isTrue();
        Distribution.signal(up.pid(), "INT");

        assertThat(up.waitFor(60, TimeUnit.SECONDS)).as(read(said)).isTrue();
        assertThat(up.exitValue()).isEqualTo(Exit.NO);
        assertThat(read(said)).contains("not waiting any longer", "rescue (node pid " + node + ")");
        assertThat(home.resolve("fleet.json")).doesNotExist();
        // What was left does what it was told as soon as it can.
        Distribution.signal(node, "CONT");
        await().atMost(READY).until(() -> gatefleet.processes().isEmpty());
    }

    @Test
    void whileAGatewayIsDownStatusEndsWithOne() throws Exception {
        Path said = directory.resolve("up.txt");
        up(said);
        Shown before = rows(said);

        // Frozen, a gateway answers nobody; its process is there all the same.
        Distribution.signal(before.main().pid(), "STOP");
        await().atMost(READY).untilAsserted(() -> {
            Distribution.Result status = gatefleet.run("status");
            assertThat(status.exitCode()).as(status.toString()).isEqualTo(Exit.NO);
            assertThat(status.out()).contains("next: ", "main");
        });
        Distribution.signal(before.main().pid(), "CONT");
        await().atMost(READY)
                .untilAsserted(
                        () -> assertThat(gatefleet.run("status").exitCode()).isEqualTo(Exit.OK));
    }

    @Test
    void aNodeThatIsKilledComesBackAndItsGatewayNeverStopped() throws Exception {
        Path said = directory.resolve("up.txt");
        up(said);
        Shown before = rows(said);
        long node = Long.parseLong(
                Files.readString(home.resolve("instances/main/node.pid")).strip());

        Distribution.signal(node, "KILL");
        await().atMost(READY).until(() -> Files.readString(said).contains("main: node ended with code 137"));
        await().atMost(READY).ignoreExceptions().untilAsserted(() -> {
            // First: what the old node said last is good news for a moment.
            assertThat(Long.parseLong(Files.readString(home.resolve("instances/main/node.pid"))
                            .strip()))
                    .isNotEqualTo(node);
            JsonNode main = instance("main");
            assertThat(main.at("/verdict/state").asText()).isEqualTo("ready");
            assertThat(main.at("/node/heardMillisAgo").asLong()).isLessThan(5_000);
            assertThat(main.at("/gateway/pid").asInt()).isEqualTo(before.main().pid());
            assertThat(main.at("/lease/base").asInt()).isEqualTo(before.main().base());
        });
    }

    @Test
    void aPortThatIsTakenIsSaidWithItsHolderAndTheOption() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Distribution.Result refused = gatefleet.run(
                    "up",
                    "--flavor",
                    "simulated",
                    "--registry-port",
                    "0",
                    "--allocator-port",
                    Integer.toString(taken.getLocalPort()),
                    "--health-port",
                    "0");

            assertThat(refused.exitCode()).isEqualTo(Exit.CANNOT_ASK);
            assertThat(refused.err())
                    .contains("--allocator-port %d is taken by java (pid %d)"
                            .formatted(
                                    taken.getLocalPort(),
                                    ProcessHandle.current().pid()));
            assertThat(gatefleet.processes()).isEmpty();
        }
    }

    // ---------------------------------------------------------------- what is looked at

    private void statusIsWell() throws Exception {
        Distribution.Result status = gatefleet.run("status", "--json");
        assertThat(status.exitCode()).as(status.toString()).isEqualTo(Exit.OK);
        JsonNode json = Wire.LENIENT.mapper().readTree(status.out());
        assertThat(json.at("/counts/ready").asInt()).isEqualTo(2);
        assertThat(json.get("gateways")).hasSize(2);
        assertThat(gatefleet.run("status").out()).contains("main", "rescue", "ready");
    }

    private void theHolderOfAPortIsNamed(Row main) throws Exception {
        int cdp = main.ports().first() + 16;
        Distribution.Result explained = gatefleet.run("explain", Integer.toString(cdp));
        assertThat(explained.exitCode()).as(explained.toString()).isEqualTo(Exit.OK);
        assertThat(explained.out()).contains("lease of     ", "/main", "base " + main.base());
        assertThat(gatefleet.run("ports").out()).contains(main.ports().toString(), "main", "rescue");
        assertThat(gatefleet.run("plan").out()).isNotBlank();
        assertThat(gatefleet.run("capacity").out()).contains("fit on");
    }

    private void aReservationKeepsAPortOutOfThePool(int port) throws Exception {
        String text = Integer.toString(port);
        assertThat(gatefleet.run("reserve", "lab", text, "--reason", "printers").exitCode())
                .isEqualTo(Exit.OK);
        assertThat(gatefleet.run("explain", text).out()).contains("lab", "printers", "./gatefleet unreserve lab");
        assertThat(gatefleet.run("unreserve", "lab").exitCode()).isEqualTo(Exit.OK);
        Distribution.Result again = gatefleet.run("unreserve", "lab");
        assertThat(again.exitCode()).isEqualTo(Exit.NO);
        assertThat(again.err()).contains("unknown-reservation");
    }

    private void theGatewaysOwnCommandLineIsAimedAtItsInstance(Row main) throws Exception {
        Distribution.Result environment = gatefleet.run("env", "main");
        String token =
                Files.readString(home.resolve("instances/main/secrets/token")).strip();
        assertThat(environment.out())
                .contains("SIMULATED_GATEWAY_PORT=" + main.base(), "/instances/main/secrets/token");
        assertThat(environment.out() + environment.err()).doesNotContain(token);
        assertThat(gatefleet.run("env", "main", "--show-secrets").out()).contains(token);

        Distribution.Result status = gatefleet.run("exec", "main", "--", "status");
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(gatefleet.run("exec", "main", "--", "dance").exitCode()).isNotZero();

        Distribution.Result unknown = gatefleet.run("env", "man");
        assertThat(unknown.exitCode()).isEqualTo(Exit.CANNOT_ASK);
        assertThat(unknown.err()).contains("instance: man (expected: one of main, rescue");
    }

    private void everyServiceAnswersPrometheus() throws Exception {
        JsonNode fleet =
                Wire.LENIENT.mapper().readTree(home.resolve("fleet.json").toFile());
        HttpClient client = HttpClient.newHttpClient();
        for (String service : List.of("registry", "allocator", "health")) {
            HttpResponse<String> metrics = client.send(
                    HttpRequest.newBuilder(URI.create(fleet.get(service).asText() + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=");
            assertThat(metrics.body()).contains("# TYPE", "gatefleet_build{");
        }
    }

    private void aSecondUpIsRefused(long pid) throws Exception {
        Distribution.Result second = gatefleet.run("up", "--flavor", "simulated");
        assertThat(second.exitCode()).isEqualTo(Exit.NO);
        assertThat(second.err())
                .contains("a fleet runs in " + home + " already", "pid " + pid, "since 20", "http://127.0.0.1:");
    }

    private JsonNode instance(String name) throws Exception {
        JsonNode json =
                Wire.LENIENT.mapper().readTree(gatefleet.run("status", "--json").out());
        for (JsonNode gateway : json.get("gateways")) {
            if (gateway.at("/key/instance").asText().equals(name)) {
                return gateway;
            }
        }
        throw new IllegalStateException(name + " is not in " + json);
    }

    // ---------------------------------------------------------------- a fleet to look at

    private Process up(Path said) throws IOException {
        Process process = gatefleet.start(
                said,
                "up",
                "--flavor",
                "simulated",
                "--registry-port",
                "0",
                "--allocator-port",
                "0",
                "--health-port",
                "0",
                "--pool",
                pool.toString());
        started.add(process);
        return process;
    }

    /** A line of the table that `up` shows. */
    private record Row(int base, PortRange ports, int pid) {}

    /** The table of a fleet that stands. */
    private record Shown(Row main, Row rescue) {}

    private static Shown rows(Path said) {
        await().atMost(READY)
                .untilAsserted(() ->
                        assertThat(read(said)).containsPattern(row("main")).containsPattern(row("rescue")));
        return new Shown(found(said, "main"), found(said, "rescue"));
    }

    private static Row found(Path said, String instance) {
        Matcher matcher = row(instance).matcher(read(said));
        assertThat(matcher.find()).isTrue();
        int base = Integer.parseInt(matcher.group(1));
        return new Row(
                base, new PortRange(base, Integer.parseInt(matcher.group(2))), Integer.parseInt(matcher.group(3)));
    }

    private static Pattern row(String instance) {
        return Pattern.compile(
                "^" + instance + " +simulated +ready +(\\d+) +\\d+-(\\d+) +(\\d+) +http://\\S+$", Pattern.MULTILINE);
    }

    private static String read(Path said) {
        try {
            return Files.readString(said, StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }

    /** Ports below the ephemeral range that nobody listens on now; fleets of other tests take other ones. */
    private static PortRange freeWindow(int width) {
        Random random = new Random();
        for (int attempt = 0; attempt < 100; attempt++) {
            PortRange window = PortRange.of(20_000 + random.nextInt(12_000), width);
            if (PortProbe.busy(PortSet.of(window), PortSet.EMPTY).isEmpty()) {
                return window;
            }
        }
        throw new IllegalStateException("no free window of " + width + " ports");
    }
}
