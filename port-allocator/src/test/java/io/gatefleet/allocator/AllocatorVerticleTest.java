package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.store.InMemoryLedgerStore;
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
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Meters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AllocatorVerticleTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final Incarnation FIRST = new Incarnation(1);
    private static final HostFacts FACTS = new HostFacts(
            new PortSpace("boot", 1), List.of(), PortSet.EMPTY, new PortRange(32_768, 60_999), PortSet.EMPTY, false);

    private final PrometheusMeterRegistry meters = Meters.of("port-allocator");
    private final Vertx vertx = Vertx.vertx();
    private final AllocatorVerticle verticle = new AllocatorVerticle(
            AllocatorConfig.defaults().withHttp("127.0.0.1", 0), new InMemoryLedgerStore(), meters);

    @BeforeEach
    void deploy() throws TimeoutException {
        await(vertx.deployVerticle(verticle));
    }

    @AfterEach
    void close() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void aLeaseIsAskedForConfirmedShownAndGivenBack() throws TimeoutException {
        AcquireLease question =
                new AcquireLease(MAIN, FIRST, "openclaw-2026.7.1-wide", Footprint.contiguous(111), FACTS, null, null);

        LeaseReply.Granted offered = (LeaseReply.Granted) await(Leases.ACQUIRE.ask(vertx.eventBus(), question, SOON));
        Lease lease = offered.lease();
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

    private String get(String path) throws TimeoutException {
        WebClient client = WebClient.create(vertx);
        return await(client.get(verticle.port(), "127.0.0.1", path).send()).bodyAsString();
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
