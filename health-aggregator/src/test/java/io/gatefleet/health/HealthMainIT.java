package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.testing.JavaProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as a process of its own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HealthMainIT {
    @Test
    void itServesUntilItIsToldToEndAndEndsInOrder() throws IOException, InterruptedException {
        try (JavaProcess service = JavaProcess.Call.of(HealthMain.class).start("--http-port", "0")) {
            HttpResponse<String> ready = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(service.http().resolve("/readyz"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(ready.statusCode()).isEqualTo(200);

            service.tell();
            assertThat(service.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(service.process().exitValue()).as("ended by SIGTERM").isEqualTo(143);
            assertThat(service.logToItsEnd())
                    .anySatisfy(line -> assertThat(line).contains("health-aggregator stops"));
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
        try (JavaProcess service = JavaProcess.Call.of(HealthMain.class).start(option, value)) {
            assertThat(service.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(service.process().exitValue()).isEqualTo(2);
            assertThat(service.logToItsEnd())
                    .anySatisfy(line -> assertThat(line).contains(complaint));
        }
    }
}
