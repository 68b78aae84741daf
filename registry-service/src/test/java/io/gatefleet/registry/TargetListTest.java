package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.service.ServicePresence;
import io.gatefleet.contract.service.Services;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetListTest {
    private static final String PATH = "/v1/sd/prometheus";

    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void everythingThatHasMetersIsListedOnceEverybodyHasSpoken() throws TimeoutException {
        Services.PRESENT.tell(
                registry.vertx.eventBus(), new ServicePresence("alone", "port-allocator", "10.0.0.1", 7801, false));
        Lease main = registry.join(Words.MAIN, 1);
        Lease rescue = registry.join(Words.RESCUE, 1);
        registry.goodbye(Words.RESCUE, 1);

        assertThat(targets())
                .containsExactly("10.0.0.1:7801", "127.0.0.1:" + registry.port(), "127.0.0.1:" + (main.base() + 1))
                .doesNotContain("127.0.0.1:" + (rescue.base() + 1));
    }

    private List<String> targets() {
        List<HttpResponse<Buffer>> answers = new ArrayList<>();
        HttpResponse<Buffer> answer = Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> registry.get(PATH), response -> {
                    boolean whole = response.statusCode() == 200;
                    if (!whole) {
                        answers.add(response);
                    }
                    return whole;
                });
        // Until then it was no short list.
        assertThat(answers).allSatisfy(early -> {
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.bodyAsJsonObject().getString("code")).isEqualTo("learning");
            assertThat(early.getHeader("retry-after")).isNotNull();
        });
        assertThat(answer.getHeader("content-type"))
                .as("Prometheus takes no other")
                .isEqualTo("application/json");
        JsonArray groups = answer.bodyAsJsonArray();
        return IntStream.range(0, groups.size())
                .mapToObj(groups::getJsonObject)
                .flatMap(group -> group.getJsonArray("targets").stream().map(String.class::cast))
                .toList();
    }
}
