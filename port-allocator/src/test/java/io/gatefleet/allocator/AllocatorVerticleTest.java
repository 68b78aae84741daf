package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.runtime.Meters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AllocatorVerticleTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final Incarnation FIRST = new Incarnation(1);
    private static final HostFacts FACTS = HostFacts.bare(new PortSpace("boot", 1));

    /** Nobody waits for half a minute in a test. */
    private static final AllocatorConfig.Times SHORT = new AllocatorConfig.Times(
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofMillis(200));

    private final PrometheusMeterRegistry meters = Meters.of("port-allocator");
    private final Vertx vertx = Vertx.vertx();
    private AllocatorVerticle verticle = allocator(AllocatorConfig.Times.DEFAULT);

    private AllocatorVerticle allocator(AllocatorConfig.Times times) {
        return new AllocatorVerticle(
                AllocatorConfig.defaults().withHttp("127.0.0.1", 0).withTimes(times),
                new InMemoryLedgerStore(),
                meters);
    }

    @AfterEach
    void close() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void aLeaseIsAskedForConfirmedShownAndGivenBack() throws TimeoutException {
        await(vertx.deployVerticle(verticle));

        Lease lease = acquire(MAIN);

        assertThat(lease.base()).isEqualTo(18_789);
        assertThat(lease.state()).isEqualTo(LeaseState.OFFERED);

        RenewLease beat = new RenewLease(MAIN, FIRST, lease.fence(), GuardState.HELD);
        LeaseReply.Granted confirmed = (LeaseReply.Granted) await(Leases.RENEW.ask(vertx.eventBus(), beat, SOON));
        assertThat(confirmed.lease()).isEqualTo(lease.in(LeaseState.CONFIRMED));

        assertThat(get("/v1/hosts/mill/leases")).contains("\"fence\":" + lease.fence(), "\"state\":\"confirmed\"");
        assertThat(get("/v1/hosts/mill/ports/18800")).contains("\"role\":\"cdp 1\"");

        ReleaseLease goodbye = new ReleaseLease(MAIN, FIRST, true);
        assertThat(await(Leases.RELEASE.ask(vertx.eventBus(), goodbye, SOON))).isEqualTo(new LeaseReply.Released(true));
        assertThat(get("/v1/hosts/mill/ports/18800")).contains("\"use\":\"free\"");
    }

    @Test
    void aSilentLeaseLapsesItsRangeRestsAndIsThenLentAgain() throws TimeoutException {
        verticle = allocator(SHORT);
        await(vertx.deployVerticle(verticle));
        Lease silent = acquire(MAIN);
        InstanceKey rescue = new InstanceKey(MAIN.host(), new InstanceId("rescue"));

        until(() -> assertThat(get("/v1/hosts/mill/ports/18789")).contains("\"use\":\"rest\"", "\"lapsed\""));
        assertThat(await(Leases.RENEW.ask(
                        vertx.eventBus(), new RenewLease(MAIN, FIRST, silent.fence(), GuardState.HELD), SOON)))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseLost(MAIN, silent.fence())));
        until(() -> assertThat(get("/v1/hosts/mill/ports/18789")).contains("\"use\":\"free\""));
        assertThat(acquire(rescue).base()).isEqualTo(silent.base());
        assertThat(get("/metrics")).contains("gatefleet_lease_lapsed_total 1.0");
    }

    @Test
    void howMuchRoomAHostHasIsMetered() throws TimeoutException {
        await(vertx.deployVerticle(verticle));
        acquire(MAIN);

        until(() -> assertThat(get("/metrics"))
                .contains(
                        "gatefleet_pool_fits{host=\"mill\"} 124.0",
                        "gatefleet_pool_free{host=\"mill\"} 13868.0",
                        "gatefleet_lease_held 1.0"));
    }

    @Test
    void aQuestionThatCannotBeMeantForThisLedgerIsAnsweredAsABadOne() throws TimeoutException {
        await(vertx.deployVerticle(verticle));
        acquire(MAIN);
        AcquireLease other =
                new AcquireLease(MAIN, FIRST, "simulated-dense", Footprint.contiguous(4), FACTS, null, null);

        assertThatThrownBy(() -> await(Leases.ACQUIRE.ask(vertx.eventBus(), other, SOON)))
                .isInstanceOfSatisfying(ReplyException.class, refused -> {
                    assertThat(refused.failureCode()).isEqualTo(Exchange.BAD_QUESTION);
                    assertThat(refused).hasMessageContaining("footprint: 0-3 (expected: 0-110");
                });
    }

    @Test
    void anAllocatorThatStoppedAnswersNobody() throws TimeoutException {
        String deployment = await(vertx.deployVerticle(verticle));
        await(vertx.undeploy(deployment));

        assertThatThrownBy(() -> acquire(MAIN))
                .isInstanceOfSatisfying(ReplyException.class, refused -> assertThat(refused.failureType())
                        .isEqualTo(ReplyFailure.NO_HANDLERS));
    }

    private Lease acquire(InstanceKey holder) throws TimeoutException {
        AcquireLease question =
                new AcquireLease(holder, FIRST, "openclaw-2026.7.1-wide", Footprint.contiguous(111), FACTS, null, null);
        return ((LeaseReply.Granted) await(Leases.ACQUIRE.ask(vertx.eventBus(), question, SOON))).lease();
    }

    private static void until(ThrowingRunnable assertion) {
        Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }

    private String get(String path) throws TimeoutException {
        WebClient client = WebClient.create(vertx);
        return await(client.get(verticle.port(), "127.0.0.1", path).send()).bodyAsString();
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
