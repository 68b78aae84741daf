package io.gatefleet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocalBusIT {
    /** What a service that stands alone begins with. */
    public static void main(String[] args) throws Exception {
        Vertx vertx = ServiceProcess.vertx(Meters.of("test"));
        vertx.eventBus().consumer("here", question -> question.reply("yes"));
        System.out.println(vertx.eventBus()
                .request("here", "there?")
                .await(20, TimeUnit.SECONDS)
                .body());
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoStandsAloneLoadsNothingOfTheCluster() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LocalBusIT.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            List<String> lines =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();

            assertThat(process.waitFor()).isZero();
            assertThat(lines).contains("yes").anySatisfy(line -> assertThat(line)
                    .contains("io.vertx.core.Vertx "));
            assertThat(lines).noneMatch(line -> line.contains("hazelcast"));
        } finally {
            process.destroyForcibly();
        }
    }
}
