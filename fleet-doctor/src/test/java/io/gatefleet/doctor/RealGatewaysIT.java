package io.gatefleet.doctor;

import static io.gatefleet.doctor.host.FakeHost.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.doctor.host.HostReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * eval "$(bin/install-gateways env)"; mvn verify -pl fleet-doctor -am -Dgroups=real-openclaw
 * </pre>
 */
@Tag("real-openclaw")
@Timeout(240)
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
    void theTabLeakIsPredictedAndAnOrphanIsFound() throws Exception {
        int base = FreePorts.inARow(131);
        configured(".openclaw", "port: " + base + ",");
        configured(".openclaw-rescue", "");
        Process first = start("gateway", "run");
        Process rescue = start("--profile", "rescue", "gateway", "--port", Integer.toString(base + 20));
        listening(base);
        listening(base + 20);

        JsonNode report = doctor();

        JsonNode leak = one(report, "tab-leak").orElseThrow(() -> new AssertionError(report.toPrettyString()));
        assertThat(leak.get("severity").asText()).isEqualTo("critical");
        assertThat(leak.get("certainty").asText()).isEqualTo("likely");
        assertThat(leak.get("meaning").asText())
                .startsWith("After 20 more browser profiles, openclaw@" + home + " attaches to the Chrome of"
                        + " openclaw:rescue@" + home + " on port " + (base + 31) + ".");
        // Its arguments are gone and its environment never knew: the lock file that it holds tells of profile and port.
        assertThat(leak.get("evidence").toString()).contains("the lock file of pid " + rescue.pid());
        assertThat(one(report, "orphaned-chrome")).isEmpty();
        assertThat(report.toString()).doesNotContain(TOKEN);
        assertThat(report.get("gateways").get(0).get("version").asText()).isEqualTo("2026.9.6");

        assertThat(start("browser", "start").waitFor()).isZero();
        assertThat(one(doctor(), "orphaned-chrome")).as("its gateway lives").isEmpty();
        first.destroyForcibly().waitFor();
        JsonNode orphan =
                one(doctor(), "orphaned-chrome").orElseThrow(() -> new AssertionError("no orphan: " + browsers()));
        assertThat(orphan.get("evidence").toString()).contains("port " + (base + 11) + ": answers");
        assertThat(orphan.get("fix").get(0).asText())
                .isEqualTo("kill " + browsers().get(0).pid());
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

    private void configured(String state, String port) throws IOException {
        Path directory = Files.createDirectory(
                home.resolve(state),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String browser = System.getenv().getOrDefault("GATEFLEET_CHROMIUM", "/usr/bin/chromium");
        Path config = directory.resolve("openclaw.json");
        Files.writeString(config, """
                { gateway: { mode: 'local', bind: 'loopback', %s auth: { mode: 'token', token: '%s' } },
                  browser: { executablePath: '%s', headless: true, noSandbox: true } }
                """.formatted(port, TOKEN, browser));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool("GATEFLEET_NODE"), tool("GATEFLEET_OPENCLAW")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment()
                .put("TMPDIR", Files.createDirectories(home.resolve("tmp")).toString());
        builder.environment().put("NO_COLOR", "1");
        builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output-" + started.size()).toFile());
        Process process = builder.start();
        started.add(process);
        return process;
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
