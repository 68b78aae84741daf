package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Guarding;
import io.gatefleet.node.port.PortGuard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on the host that the test runs on, which may have gateways of its own. */
class DoctorCommandTest {
    private static final String TOKEN = "correct-horse-battery-staple";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private static final int WIDTH = 111;

    private String out = "";

    @Test
    void findingsEndWithOneForPeopleAndForPrograms() throws IOException {
        gateway(".openclaw", 18_789);
        gateway(".openclaw-rescue", 18_809);

        assertThat(run("--json")).isEqualTo(Exit.NO);
        assertThat(ours()).contains("tab-leak");
        assertThat(out).doesNotContain(TOKEN);

        assertThat(run()).isEqualTo(Exit.NO);
        assertThat(out).contains("critical: tab-leak (likely): openclaw@" + home, "    fix:  ");
        assertThat(out).doesNotContain(TOKEN);
    }

    @Test
    void withoutAFindingItEndsWithZero() throws IOException {
        gateway(".openclaw", baseThatNobodyHas());

        int exitCode = run("--json");

        assertThat(ours()).isEmpty();
        boolean otherwiseClean = StreamSupport.stream(read().get("findings").spliterator(), false)
                .allMatch(finding -> finding.get("severity").asText().equals("info"));
        assertThat(exitCode).isEqualTo(otherwiseClean ? Exit.OK : Exit.NO);
    }

    /** A fleet that runs on this machine may have 18789, and the doctor would say so. */
    private static int baseThatNobodyHas() {
        for (int base = 10_000; base < 32_000; base += WIDTH) {
            if (PortGuard.take(PortSet.of(PortRange.of(base, WIDTH))) instanceof Guarding.Held held) {
                held.guard().close();
                return base;
            }
        }
        throw new AssertionError("no " + WIDTH + " ports in a row that nobody guards");
    }

    /** Codes of the findings about this test's gateways. */
    private List<String> ours() throws JsonProcessingException {
        return StreamSupport.stream(read().get("findings").spliterator(), false)
                .filter(finding -> finding.get("subjects").toString().contains(home.toString()))
                .map(finding -> finding.get("code").asText())
                .toList();
    }

    private JsonNode read() throws JsonProcessingException {
        return Wire.LENIENT.mapper().readTree(out);
    }

    private void gateway(String state, int port) throws IOException {
        Path directory = Files.createDirectory(
                home.resolve(state),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path config = directory.resolve("openclaw.json");
        Files.writeString(
                config, "{gateway: {bind: 'loopback', port: %d, auth: {token: '%s'}}}".formatted(port, TOKEN));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    private int run(String... arguments) {
        StringWriter printed = new StringWriter();
        String[] words = new String[arguments.length + 3];
        words[0] = "doctor";
        words[1] = "--user-home";
        words[2] = home.toString();
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        CommandLine line = Gatefleet.commandLine();
        line.setOut(new PrintWriter(printed));
        int exitCode = line.execute(words);
        out = printed.toString();
        return exitCode;
    }
}
