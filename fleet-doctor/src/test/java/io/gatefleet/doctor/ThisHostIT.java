package io.gatefleet.doctor;

import static io.gatefleet.doctor.host.FakeHost.config;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.doctor.host.FakeHost;
import io.gatefleet.doctor.host.HostReader;
import io.gatefleet.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on the host that the test runs on: its real kernel, with real processes named as gateways name themselves. */
@Timeout(60)
class ThisHostIT {
    @TempDir
    private Path home = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void leaveNothing() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void ofTwoRunningGatewaysAtSpacingTwentyTheTabLeakIsPredicted() throws Exception {
        int base = FreePorts.inARow(131);
        FakeHost files = new FakeHost(home);
        files.gateway("/.openclaw", config(base)).gateway("/.openclaw-rescue", config(1));
        Process main = gateway(base, Map.of());
        // What its configuration says, it does not do: it was started with another port.
        Process rescue = gateway(base + 20, Map.of("OPENCLAW_STATE_DIR", home + "/.openclaw-rescue"));

        JsonNode report = doctor();

        JsonNode leak = StreamSupport.stream(report.get("findings").spliterator(), false)
                .filter(finding -> finding.get("code").asText().equals("tab-leak"))
                .filter(finding -> finding.toString().contains(home.toString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no tab-leak in " + report.toPrettyString()));
        assertThat(leak.get("meaning").asText()).contains("After 20 more browser profiles", "port " + (base + 31));
        assertThat(leak.get("evidence").toString()).contains("pid " + rescue.pid() + " listens there");
        assertThat(gatewayOn(report, base).get("pid").asLong()).isEqualTo(main.pid());
        assertThat(gatewayOn(report, base + 20).get("pid").asLong()).isEqualTo(rescue.pid());
    }

    private static JsonNode gatewayOn(JsonNode report, int base) {
        return StreamSupport.stream(report.get("gateways").spliterator(), false)
                .filter(gateway -> gateway.get("base").asInt() == base)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing on " + base + " in " + report.toPrettyString()));
    }

    private JsonNode doctor() {
        return Wire.LENIENT
                .mapper()
                .valueToTree(DoctorReport.of(
                        HostReader.ofThisHost(List.of(home.toString())).census()));
    }

    /** The kernel names a process after the path that it was started by. */
    private Process gateway(int port, Map<String, String> variables) throws IOException {
        Path program = home.resolve("openclaw-gateway");
        if (!Files.exists(program)) {
            Files.createSymbolicLink(program, Path.of(System.getProperty("java.home"), "bin", "java"));
        }
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ListensLikeAGateway.class.getName(),
                Integer.toString(port));
        builder.environment().clear();
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(variables);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        started.add(process);
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        assertThat(said.readLine()).isEqualTo(port + " " + port);
        return process;
    }
}
