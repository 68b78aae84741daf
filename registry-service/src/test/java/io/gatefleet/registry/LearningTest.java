package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.lease.Lease;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LearningTest {
    @Test
    void aShortListIsNeverShownAsIfItWereWholeAndNodesAreServedAtOnce() throws TimeoutException {
        RegistryUnderTest registry =
                new RegistryUnderTest(RegistryConfig.defaults().withLearning(Duration.ofMinutes(10)));
        try {
            registry.start();
            Lease main = registry.join(Words.MAIN, 1);
            assertThat(registry.heartbeat(Words.MAIN, Words.beat(main, 1)).statusCode())
                    .isEqualTo(200);

            for (String path : List.of("/v1/instances", "/v1/watch", "/v1/instances/mill/nobody")) {
                HttpResponse<Buffer> answer = registry.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("learning");
                assertThat(Integer.parseInt(answer.getHeader("retry-after"))).isBetween(1, 601);
            }
            assertThat(registry.get("/v1/instances/mill/main").statusCode())
                    .as("what is known is shown")
                    .isEqualTo(200);
            assertThat(registry.get("/readyz").statusCode())
                    .as("nodes are wanted")
                    .isEqualTo(200);
        } finally {
            registry.close();
        }
    }

    @Test
    void afterATermEverybodyHasSpoken() {
        AtomicLong now = new AtomicLong(-5);
        Learning learning = new Learning(Duration.ofSeconds(30), now::get);
        now.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
        assertThat(learning.isOver()).isFalse();

        now.incrementAndGet();
        assertThat(learning.isOver()).isTrue();
    }

    @Test
    void oneThatKnowsTheFleetEndsItAtOnce() {
        Learning learning = new Learning(Duration.ofSeconds(30), () -> 0);
        learning.whole();

        assertThat(learning.isOver()).isTrue();
    }
}
