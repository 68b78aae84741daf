package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.RenewLease;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two and a half thousand nodes that beat every five seconds. */
class BusyFleetTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int NODES = 2_500;
    private static final int SPEAKERS = 64;
    private static final int APART_MILLIS = 5;

    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());
    private final AtomicInteger renewals = new AtomicInteger();

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
        registry.vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (delivery.message().address().equals(Leases.RENEW.address())) {
                renewals.incrementAndGet();
            }
            delivery.next();
        });
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void calmNodesAreRenewedTogetherThoughTheySpeakApart() throws TimeoutException {
        List<Future<InstanceReply>> joined = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            joined.add(
                    Instances.REGISTER.ask(registry.vertx.eventBus(), new RegisterCall(node(i), Words.join(1)), LONG));
        }
        await(Future.all(joined));
        Awaitility.await()
                .atMost(LONG)
                .until(() -> registry.meters
                                .get("gatefleet.instances.present")
                                .gauge()
                                .value()
                        == NODES);

        heard(speak(1)); // news: it runs, and its guard is held
        renewals.set(0);
        heard(speak(2));

        assertThat(registry.allocator.asked(RenewLease.class)).hasSize(2 * SPEAKERS);
        assertThat(renewals.get()).isBetween(1, SPEAKERS / 2);
    }

    /** One after the other, whether the one before was answered or not. */
    private List<Future<InstanceReply>> speak(long sequence) {
        return IntStream.range(0, SPEAKERS)
                .mapToObj(i -> registry.vertx
                        .timer(1 + (long) APART_MILLIS * i, TimeUnit.MILLISECONDS)
                        .compose(due -> Instances.HEARTBEAT.ask(
                                registry.vertx.eventBus(),
                                new HeartbeatCall(
                                        node(i),
                                        Words.beat(
                                                Objects.requireNonNull(registry.allocator.lease(node(i))), sequence)),
                                LONG)))
                .toList();
    }

    private static void heard(List<Future<InstanceReply>> replies) throws TimeoutException {
        await(Future.all(replies));
        assertThat(replies).allSatisfy(reply -> assertThat(reply.result()).isInstanceOf(InstanceReply.Heard.class));
    }

    private static InstanceKey node(int i) {
        return Words.key("host-" + i / 10, "i" + i % 10);
    }
}
