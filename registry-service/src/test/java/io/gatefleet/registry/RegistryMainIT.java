package io.gatefleet.registry;

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
class RegistryMainIT {
    @Test
    void itServesUntilItIsToldToEndAndEndsInOrder() throws IOException, InterruptedException {
        try (JavaProcess service = JavaProcess.Call.of(RegistryMain.class).start("--http-port", "0")) {
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
                    .anySatisfy(line -> assertThat(line).contains("registry-service stops"));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            --http-port              | 70000 | httpPort: 70000 (expected: 0 to 65535)
            --http-port              | x     | Invalid value for option '--http-port': 'x' is not an int
            --beat                   | PT1M1S | beat: PT1M1S (expected: 10 ms to 1 min)
            --beat                   | 1     | Invalid value for option '--beat'
            --heartbeats-per-second  | 0     | heartbeatsPerSecond: 0 (expected: 1 to 100000)
            --ask-timeout            | PT0S  | askTimeout: PT0S (expected:
            --forget-silent          | PT0S  | forgetSilent: PT0S (expected:
            --colour                 | red   | Unknown options: '--colour', 'red'
            """)
    void aWrongOptionIsNamedWithWhatWasExpected(String option, String value, String complaint)
            throws IOException, InterruptedException {
        try (JavaProcess service = JavaProcess.Call.of(RegistryMain.class).start(option, value)) {
            assertThat(service.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(service.process().exitValue()).isEqualTo(2);
            assertThat(service.logToItsEnd())
                    .anySatisfy(line -> assertThat(line).contains(complaint));
        }
    }
}
