package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeConversationTest {
    @SuppressWarnings("NullAway.Init")
    private RegistryUnderTest registry;

    @BeforeEach
    void start() throws TimeoutException {
        registry = RegistryUnderTest.start(RegistryConfig.defaults());
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void oneWordToJoinOneToStayOneToLeave() throws TimeoutException {
        HttpResponse<Buffer> joined = registry.register(MAIN, Words.join(7));
        assertThat(joined.statusCode()).isEqualTo(201);
        Registration registration = read(joined, Registration.class);
        assertThat(registration.instance()).isEqualTo(MAIN);
        assertThat(registration.pace()).isEqualTo(new Registration.Pace(1000, FakeAllocator.TERM_MILLIS));
        Lease lease = registration.lease();

        HttpResponse<Buffer> heard = registry.heartbeat(MAIN, Words.beat(lease, 0));
        assertThat(heard.statusCode()).isEqualTo(200);
        assertThat(read(heard, HeartbeatReply.class).lease().state()).isEqualTo(LeaseState.CONFIRMED);

        InstanceView view = read(registry.get(RegistryUnderTest.path(MAIN)), InstanceView.class);
        assertThat(view.present()).isTrue();
        assertThat(view.report().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(view.lease()).isEqualTo(lease.in(LeaseState.CONFIRMED));

        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);
        assertThat(registry.allocator.lease(MAIN)).isNull();
        InstanceView gone = read(registry.get(RegistryUnderTest.path(MAIN)), InstanceView.class);
        assertThat(gone.present()).isFalse();
        assertThat(gone.lease()).isNull();
        assertThat(gone.report().state()).isEqualTo(GatewayState.STOPPED);
    }
}
