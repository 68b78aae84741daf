package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

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
        String without = Arrays.stream(ServiceJvm.classPath().split(File.pathSeparator, -1))
                .filter(path -> !path.contains("port-allocator"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).isNotEqualTo(ServiceJvm.classPath());

        try (ServiceJvm service = ServiceJvm.start(HealthMain.class, without, List.of(), OPTIONS)) {
            assertEndedSaying(service, "class path: no shared state (expected: all jars of the distribution");
        }
    }

    @Test
    void aMemberThatWouldStartAThreadForEveryCallbackDoesNotStart() throws IOException, InterruptedException {
        List<String> twoCores = List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=1");

        try (ServiceJvm service = ServiceJvm.start(HealthMain.class, ServiceJvm.classPath(), twoCores, OPTIONS)) {
            assertEndedSaying(service, "common pool parallelism: 1 (expected: 2 or more)");
        }
    }

    private static void assertEndedSaying(ServiceJvm service, String why) throws InterruptedException {
        assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(service.process().exitValue()).isEqualTo(1);
        assertThat(service.logToItsEnd())
                .anySatisfy(line -> assertThat(line).contains("health-aggregator does not join: " + why));
    }
}
