package io.gatefleet.doctor;

import static io.gatefleet.doctor.host.FakeHost.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.doctor.host.HostReader;
import io.gatefleet.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real OpenClaw gateways, started by hand as the manuals said: 20 ports apart. Needs what {@code bin/install-gateways}
 * installs:
 *
 * <pre>
 * eval "$(bin/install-gateways env)"; mvn verify -pl fleet-doctor -am -Dgroups=real-gateways
 * </pre>
 */
@Tag("real-gateways")
@Timeout(420)
class RealGatewaysIT {
    @TempDir
    private Path home = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void leaveNothing() throws InterruptedException {
        // Browsers outlive a killed gateway, and are told by the user data that they have open.
        List<ProcessHandle> all = Stream.concat(
                        started.stream()
                                .flatMap(
                                        process -> Stream.concat(process.descendants(), Stream.of(process.toHandle()))),
                        browsers().stream())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (Process process : started) {
            process.waitFor();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> browsers().isEmpty());
    }

    @Test
    void theTabLeakIsPredictedAndThenItHappens() throws Exception {
        int base = FreePorts.inARow(131);
        int meeting = base + 31;
        // The profiles that `create-profile` wrote for p1 to p19: it takes the lowest port, and asks nobody.
        String profiles = IntStream.rangeClosed(1, 19)
                .mapToObj(i -> "p%d: {cdpPort: %d, color: '#0066CC'}".formatted(i, base + 11 + i))
                .collect(Collectors.joining(", "));
        configured(".openclaw", "port: " + base + ",", "profiles: {" + profiles + "},");
        configured(".openclaw-rescue", "", "");
        quickBrowser(".openclaw-rescue", "openclaw");
        start("gateway", "run");
        Process rescue = start("--profile", "rescue", "gateway", "--port", Integer.toString(base + 20));
        listening(base);
        listening(base + 20);

        JsonNode report = doctor();

        JsonNode leak = one(report, "tab-leak").orElseThrow(() -> new AssertionError(report.toPrettyString()));
        assertThat(leak.get("severity").asText()).isEqualTo("critical");
        assertThat(leak.get("certainty").asText()).isEqualTo("likely");
        assertThat(leak.get("meaning").asText())
                .startsWith("After 1 more browser profile, openclaw@" + home + " attaches to the Chrome of"
                        + " openclaw:rescue@" + home + " on port " + meeting + ".");
        // Its arguments are gone and its environment never knew: the lock file that it holds tells of profile and port.
        assertThat(leak.get("evidence").toString()).contains("the lock file of pid " + rescue.pid());
        assertThat(leak.get("fix").get(0).asText()).contains(".openclaw-rescue openclaw config set gateway.port ");
        assertThat(one(report, "orphaned-chrome")).isEmpty();
        assertThat(report.toString()).doesNotContain(TOKEN);
        assertThat(report.get("gateways").toString()).contains("\"version\":\"2026.9.6\"");

        List<String> toRescue = List.of("--profile", "rescue", "browser", "--json", "start");
        assertThat(ran(base + 20, toRescue).get("cdpPort").asInt()).isEqualTo(meeting);
        long rescuesChrome = only(browsers()).pid();
        open(meeting, "data:text/html,<title>SECRET%20PAGE%20OF%20RESCUE</title>");
        assertThat(ran(base, List.of("browser", "--json", "create-profile", "--name", "p20"))
                        .get("cdpPort")
                        .asInt())
                .isEqualTo(meeting);

        JsonNode started = ran(base, List.of("browser", "--browser-profile", "p20", "--json", "start"));
        JsonNode tabs = ran(base, List.of("browser", "--browser-profile", "p20", "--json", "tabs"));

        assertThat(started.get("running").asBoolean()).isTrue();
        assertThat(started.get("pid").isNull()).as("no browser of its own").isTrue();
        assertThat(tabs.toString()).contains("SECRET PAGE OF RESCUE");
        assertThat(one(doctor(), "tab-leak").map(now -> now.get("certainty").asText()))
                .hasValue("certain");

        assertThat(one(doctor(), "orphaned-chrome")).as("its gateway lives").isEmpty();
        rescue.destroyForcibly().waitFor();
        JsonNode orphan =
                one(doctor(), "orphaned-chrome").orElseThrow(() -> new AssertionError("no orphan: " + browsers()));
        assertThat(orphan.get("evidence").toString()).contains("port " + meeting + ": answers");
        assertThat(orphan.get("fix").get(0).asText()).isEqualTo("kill " + rescuesChrome);
    }

    /** The gateway's own command line, and what it printed. Its first browser start may be too late on a busy machine. */
    private JsonNode ran(int port, List<String> arguments) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Process process = start(Map.of("OPENCLAW_GATEWAY_PORT", Integer.toString(port)), arguments);
            int exitCode = process.waitFor();
            String printed = Files.readString(output(started.size() - 1));
            started.remove(process);
            if (exitCode == 0) {
                return Wire.LENIENT.mapper().readTree(printed.substring(printed.indexOf('{')));
            }
            assertThat(attempt).as("%s: %s", arguments, printed).isLessThan(3);
        }
    }

    /** Opens a page in the browser behind a CDP port, as its owner's agent would. */
    private static void open(int cdpPort, String page) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cdpPort + "/json/new?"
                        + page.replace("<", "%3C").replace(">", "%3E")))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }

    /** Of findings with the code those about this test's gateways: the host may have others. */
    private Optional<JsonNode> one(JsonNode report, String code) {
        return StreamSupport.stream(report.get("findings").spliterator(), false)
                .filter(finding -> finding.get("code").asText().equals(code))
                .filter(finding -> finding.get("subjects").toString().contains(home.toString()))
                .findFirst();
    }

    private JsonNode doctor() {
        return Wire.LENIENT
                .mapper()
                .valueToTree(DoctorReport.of(
                        HostReader.ofThisHost(List.of(home.toString())).census()));
    }

    private void configured(String state, String port, String profiles) throws IOException {
        Path directory = Files.createDirectory(
                home.resolve(state),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String browser = System.getenv().getOrDefault("GATEFLEET_CHROMIUM", "/usr/bin/chromium");
        Path config = directory.resolve("openclaw.json");
        Files.writeString(config, """
                { gateway: { mode: 'local', bind: 'loopback', %s auth: { mode: 'token', token: '%s' } },
                  browser: { %s localLaunchTimeoutMs: 60000, executablePath: '%s', headless: true, noSandbox: true } }
                """.formatted(port, TOKEN, profiles, browser));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    /** A browser that finds its files does not spend ten seconds on a first run. */
    private void quickBrowser(String state, String profile) throws IOException {
        Path data = home.resolve(state).resolve("browser").resolve(profile).resolve("user-data");
        Files.createDirectories(data.resolve("Default"));
        Files.writeString(data.resolve("Local State"), "{}");
        Files.writeString(data.resolve("Default/Preferences"), "{}");
    }

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), List.of(arguments));
    }

    private Process start(Map<String, String> variables, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool("GATEFLEET_NODE"), tool("GATEFLEET_OPENCLAW")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment()
                .put("TMPDIR", Files.createDirectories(home.resolve("tmp")).toString());
        builder.environment().put("NO_COLOR", "1");
        builder.environment().putAll(variables);
        builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(output(started.size()).toFile());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path output(int number) {
        return home.resolve("output-" + number);
    }

    private static String tool(String variable) {
        String tool = System.getenv(variable);
        if (tool == null) {
            throw new AssertionError(variable + " is not set; eval \"$(bin/install-gateways env)\"");
        }
        return tool;
    }

    private void listening(int port) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    started.forEach(process -> assertThat(process.isAlive()).isTrue());
                    return !FreePorts.isFree(port);
                });
    }

    private List<ProcessHandle> browsers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("--user-data-dir=" + home) && !line.contains("--type="))
                        .isPresent())
                .toList();
    }
}
