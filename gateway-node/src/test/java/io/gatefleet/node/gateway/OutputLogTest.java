package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputLogTest {
    /** What OpenClaw 2026.9.6 printed before it exited; {@code ~} is a line's end. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            unknown key    | 2026-11-20T11:17:59.035+00:00 [gateway] spawn broker ready pid=17353~2026-11-20T11:17:59.964+00:00 Gateway failed to start: Invalid config at /n/openclaw.json:~openclaw.json:3 - gateway: Unrecognized key: "nonsense"~Run "openclaw doctor --fix" to repair, then retry.~2026-11-20T11:17:59.966+00:00 Run "openclaw doctor --fix" to repair the config, then retry. | Gateway failed to start: Invalid config at /n/openclaw.json: ; openclaw.json:3 - gateway: Unrecognized key: "nonsense" ; Run "openclaw doctor --fix" to repair, then retry. ; Run "openclaw doctor --fix" to repair the config, then retry
            no mode        | Gateway start blocked: existing config is missing gateway.mode. Treat this as suspicious.~Config write audit: SQLite | Gateway start blocked: existing config is missing gateway.mode. Treat this as suspicious. ; Config write audit: SQLite
            retired key    | OpenClaw config is invalid~File: /n/openclaw.json~Problem:~  - openclaw.json:6 - browser: Unrecognized key: "cdpPortRangeStart" | OpenClaw config is invalid ; File: /n/openclaw.json ; Problem: ; - openclaw.json:6 - browser: Unrecognized key: "cdpPortRangeStart"
            killed         | 2026-11-20T11:17:59.035+00:00 [gateway] ready | ``
            nothing at all | ``  | ``
            """)
    void tellsWhyAGatewayEnded(String why, String printed, String reason, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("output.log");
        Files.writeString(file, printed.replace('~', '\n'));

        assertThat(new OutputLog(file).reason(0, "", false)).isEqualTo(reason.replace(" ; ", " | "));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            words of its own | one~package lifecycle is incomplete. Reinstall, then retry.~ | package lifecycle is incomplete. Reinstall, then retry
            telling words    | fatal: no disk~goodbye                                      | fatal: no disk ; goodbye
            nothing at all   | ``                                                          | ``
            """)
    void whoFailedByItselfSaidWhyLast(String why, String printed, String reason, @TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("output.log");
        Files.writeString(file, printed.replace('~', '\n'));

        assertThat(new OutputLog(file).reason(0, "", true)).isEqualTo(reason.replace(" ; ", " | "));
    }

    @Test
    void looksAtNoEarlierLife(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("output.log");
        OutputLog log = new OutputLog(file);
        log.create();
        Files.writeString(file, "Gateway failed to start: yesterday\n");
        long begins = log.size();

        assertThat(log.reason(begins, "", false)).isEmpty();
        Files.writeString(file, "Gateway failed to start: today\n", StandardOpenOption.APPEND);
        assertThat(log.reason(begins, "", false)).isEqualTo("Gateway failed to start: today");
    }

    @Test
    void isCutWhileItIsWrittenTo(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("output.log");
        OutputLog log = new OutputLog(file);
        log.create();
        try (OutputStream gateway = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            for (int cut = 1; cut <= 5; cut++) {
                gateway.write(new byte[(8 << 20) + 1]);
                assertThat(log.rotate()).isTrue();
                gateway.write(("after cut " + cut).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                assertThat(Files.readString(file)).isEqualTo("after cut " + cut);
            }
        }

        assertThat(log.rotate()).isFalse();
        try (var files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("output.log", "output.log.1", "output.log.2", "output.log.3");
        }
    }

    @Test
    void tellsTheLastLinesWithoutSecrets(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("output.log");
        Files.writeString(file, """
                first
                the key is plain-words, and the token 4711-secret
                -----BEGIN OPENSSH PRIVATE KEY-----
                b3BlbnNzaC1r
                -----END OPENSSH PRIVATE KEY-----
                \u001B[31mAuthorization: Bearer abc\u001B[0m
                ready
                """);

        assertThat(new OutputLog(file).end(6, List.of("4711-secret", "plain-words")))
                .containsExactly(
                        "the key is [redacted], and the token [redacted]",
                        "[redacted]",
                        "[redacted]",
                        "[redacted]",
                        "Authorization: [redacted]",
                        "ready");
        assertThat(new OutputLog(directory.resolve("none")).end(6, List.of())).isEmpty();
    }

    @Test
    void tellsNoMoreThanMayLeaveTheNode(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("output.log");
        Files.writeString(file, ("words ".repeat(500) + "\n").repeat(1_000));

        List<String> end = new OutputLog(file).end(500, List.of());

        assertThat(end).hasSizeBetween(30, 33).allSatisfy(line -> assertThat(line)
                .hasSize(2_001));
    }

    /** A cut in the middle of a secret would leave a part that nothing recognises. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 63, 64, 100})
    void aCutLeavesNoPartOfASecret(int shift, @TempDir Path directory) throws IOException {
        String secret = "deadbeef".repeat(8);
        Path file = directory.resolve("output.log");
        // In the line that is cut at 8192 characters, and in the one that the window of 512 KiB begins in.
        String line = "x ".repeat((8_192 - 64) / 2) + " ".repeat(shift) + secret + " tail";
        String filler = "y".repeat(99) + "\n";
        String rest = filler.repeat((512 * 1024 - shift) / 100);
        Files.writeString(file, secret + "\n" + rest + line + "\n");

        List<String> end = new OutputLog(file).end(500, List.of(secret));

        assertThat(String.join("\n", end)).doesNotContain("deadbee");
    }
}
