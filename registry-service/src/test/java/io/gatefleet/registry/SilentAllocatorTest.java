package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes are told when the allocator cannot be asked. */
class SilentAllocatorTest {
    private final RegistryUnderTest registry =
            new RegistryUnderTest(RegistryConfig.defaults().withAskTimeout(Duration.ofSeconds(1)));

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void aNodeIsAliveEvenIfTheAllocatorIsSilent() throws TimeoutException {
        Lease lease = registry.join(MAIN, 7);
        registry.allocator.silent(2);

        HttpResponse<Buffer> answer = registry.heartbeat(MAIN, Words.beat(lease, 1));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("unavailable");
        assertThat(answer.getHeader("retry-after")).isEqualTo("1");
        assertThat(view().report().state()).isEqualTo(GatewayState.RUNNING);
        registry.heardAll(2, 0);
        assertThat(registry.heartbeat(MAIN, Words.beat(lease, 1)).statusCode())
                .as("said again, as a node does")
                .isEqualTo(200);
    }

    @Test
    void aQuestionThatNobodyAnsweredIsAskedOnceMore() throws TimeoutException {
        registry.allocator.silent(1);

        assertThat(registry.register(MAIN, Words.join(7)).statusCode()).isEqualTo(201);
        assertThat(registry.allocator.asked(AcquireLease.class)).hasSize(2);
    }

    @Test
    void anAllocatorThatIsNotThereOrBrokenIsSaidToBeUnavailableAndNothingIsRemembered() throws TimeoutException {
        registry.allocator.broken(true);
        HttpResponse<Buffer> broken = registry.register(MAIN, Words.join(7));
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(broken.bodyAsString()).contains("port-allocator").doesNotContain("the ledger is broken");

        RegistryUnderTest.await(registry.allocator.stop());
        HttpResponse<Buffer> absent = registry.register(MAIN, Words.join(7));
        assertThat(absent.statusCode()).isEqualTo(503);
        assertThat(absent.getHeader("retry-after")).isEqualTo("1");
        assertThat(registry.get(path(MAIN)).statusCode()).isEqualTo(404);
    }

    @Test
    void aGoodbyeIsHeardEvenIfTheAllocatorIsSilent() throws TimeoutException {
        registry.join(MAIN, 7);
        registry.allocator.silent(2);

        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(503);
        assertThat(view().present()).isFalse();
        registry.heardAll(1, 1);
        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);
        assertThat(registry.allocator.lease(MAIN)).isNull();
        registry.heardAll(1, 1);
    }

    private InstanceView view() throws TimeoutException {
        return read(registry.get(path(MAIN)), InstanceView.class);
    }
}
