package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as a process of its own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HealthMainIT {
    private static final Pattern LISTENS = Pattern.compile("listens on 127\\.0\\.0\\.1:(\\d+)");

    @Test
    void itServesUntilItIsToldToEndAndEndsInOrder() throws IOException, InterruptedException {
        Process process = start("--http-port", "0");
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            int port = port(log);
            HttpResponse<String> ready = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(ready.statusCode()).isEqualTo(200);

            // Through its handle, which leaves the log open.
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("ended by SIGTERM").isEqualTo(143);
            assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("health-aggregator stops"));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            --http-port              | 70000 | httpPort: 70000 (expected: 0 to 65535)
            --http-port              | x     | Invalid value for option '--http-port': 'x' is not an int
            --suspect                | PT0S  | suspect: PT0S (expected: at least
            --silent                 | PT15S | silent: PT15S (expected: longer than suspect, which is PT15S)
            --bad-to-fall            | 0     | badToFall: 0 (expected: 1 to 100)
            --flap-window            | 1     | flapping.window: 1 (expected: 3 to 1000)
            --doubt-above-percent    | 101   | doubt.share: 1.01 (expected: 0 to 1)
            --colour                 | red   | Unknown options: '--colour', 'red'
            """)
    void aWrongOptionIsNamedWithWhatWasExpected(String option, String value, String complaint)
            throws IOException, InterruptedException {
        Process process = start(option, value);
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains(complaint));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HealthMain.class.getName()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static int port(BufferedReader log) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                return Integer.parseInt(listens.group(1));
            }
        }
        throw new AssertionError("ended without listening:\n" + said);
    }
}
