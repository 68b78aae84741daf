package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.health.HealthMain;
import io.gatefleet.testing.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that must not join, and say why. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedMemberIT {
    private static final List<String> OPTIONS =
            List.of("--http-port", "0", "--cluster-members", "127.0.0.1:5701,127.0.0.1:5711");

    @Test
    void aMemberWithoutTheLedgersClassesDoesNotStart() throws IOException, InterruptedException {
        String without = Arrays.stream(JavaProcess.ownClassPath().split(File.pathSeparator, -1))
                .filter(path -> !path.contains("port-allocator"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).isNotEqualTo(JavaProcess.ownClassPath());

        try (JavaProcess service =
                JavaProcess.Call.of(HealthMain.class).from(without).start(OPTIONS)) {
            assertEndedSaying(service, "class path: no shared state (expected: all jars of the distribution");
        }
    }

    @Test
    void aMemberThatWouldStartAThreadForEveryCallbackDoesNotStart() throws IOException, InterruptedException {
        JavaProcess.Call twoCores =
                JavaProcess.Call.of(HealthMain.class).with("-Djava.util.concurrent.ForkJoinPool.common.parallelism=1");

        try (JavaProcess service = twoCores.start(OPTIONS)) {
            assertEndedSaying(service, "common pool parallelism: 1 (expected: 2 or more)");
        }
    }

    private static void assertEndedSaying(JavaProcess service, String why) throws InterruptedException {
        assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(service.process().exitValue()).isEqualTo(1);
        assertThat(service.logToItsEnd())
                .anySatisfy(line -> assertThat(line).contains("health-aggregator does not join: " + why));
    }
}
