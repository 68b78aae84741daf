package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static io.gatefleet.registry.Words.RESCUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Meters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The conversation with the real port-allocator behind the registry. */
class WithAllocatorIT {
    /** A term that a test can wait for. */
    private static final AllocatorConfig.Times SHORT = new AllocatorConfig.Times(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(50),
            Duration.ofSeconds(60),
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ofMillis(500));

    @SuppressWarnings("NullAway.Init")
    private AllocatorVerticle allocator;

    private RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @BeforeEach
    void start() throws TimeoutException {
        start(AllocatorConfig.Times.DEFAULT);
    }

    private void start(AllocatorConfig.Times times) throws TimeoutException {
        allocator = new AllocatorVerticle(
                AllocatorConfig.defaults()
                        .withHttp("127.0.0.1", 0)
                        .withPool(PortSet.parse("20000-20332"))
                        .withTimes(times),
                new InMemoryLedgerStore(),
                Meters.of("allocator"));
        registry.startWith(allocator);
    }

    private void startAnew(AllocatorConfig.Times times) throws TimeoutException {
        registry.close();
        registry = new RegistryUnderTest(RegistryConfig.defaults());
        start(times);
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void threeGatewaysFitAndTheFourthIsToldWhy() throws TimeoutException {
        assertThat(registry.join(MAIN, 1).ports().toString()).isEqualTo("20000-20110");
        assertThat(registry.join(RESCUE, 1).ports().toString()).isEqualTo("20111-20221");
        assertThat(registry.join(Words.key("mill", "acme"), 1).ports().toString())
                .isEqualTo("20222-20332");

        HttpResponse<Buffer> fourth = registry.register(Words.key("mill", "more"), Words.join(1));
        assertThat(fourth.statusCode()).isEqualTo(503);
        assertThat(fourth.bodyAsJsonObject().getString("code")).isEqualTo("pool-exhausted");
        assertThat(registry.get(path(Words.key("mill", "more"))).statusCode()).isEqualTo(404);
        assertThat(registry.join(Words.key("barn", "main"), 1).base())
                .as("another host is another port space")
                .isEqualTo(20_000);
    }

    @Test
    void aHeartbeatWithTheGuardConfirmsAndAGoodbyeGivesBackAtOnce() throws TimeoutException {
        Lease lease = registry.join(MAIN, 1);
        assertThat(lease.state()).isEqualTo(LeaseState.OFFERED);
        HttpResponse<Buffer> heard = registry.heartbeat(MAIN, Words.beat(lease, 1));
        assertThat(read(heard, HeartbeatReply.class).lease().state()).isEqualTo(LeaseState.CONFIRMED);

        assertThat(registry.goodbye(MAIN, 1).statusCode()).isEqualTo(204);
        assertThat(registry.goodbye(MAIN, 1).statusCode()).isEqualTo(204);
        assertThat(registry.join(RESCUE, 1).base()).isEqualTo(lease.base());
    }

    @Test
    void aRejectedOfferIsFollowedByAnotherAndTheSameRejectionByTheSame() throws TimeoutException {
        Lease first = registry.join(MAIN, 1);
        Rejection rejection =
                new Rejection(first.fence(), List.of(new BusyPort(20_011, BusyPort.Protocol.TCP, 12, "chromium")));
        RegisterInstance again = with(Words.join(1), null, rejection, null);

        Registration second = read(registry.register(MAIN, again), Registration.class);
        assertThat(second.lease().ports().contains(20_011)).isFalse();
        assertThat(second.lease().fence()).isGreaterThan(first.fence());
        HttpResponse<Buffer> repeated = registry.register(MAIN, again);
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(read(repeated, Registration.class)).isEqualTo(second);
        assertThat(read(registry.get(path(MAIN)), InstanceView.class).lease()).isEqualTo(second.lease());
    }

    @Test
    void whoIsSilentForATermIsToldThatItsLeaseIsLostAndClaimsItAnew() throws TimeoutException {
        startAnew(SHORT);
        Lease lease = registry.join(MAIN, 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> leases().isEmpty());
        assertThat(read(registry.get(path(MAIN)), InstanceView.class).present()).isFalse();

        HttpResponse<Buffer> answer = registry.heartbeat(MAIN, Words.beat(lease, 2));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("lease-lost");
        Claim claim = new Claim(lease.base(), lease.footprint(), lease.fence(), GuardState.HELD, true);
        Registration anew =
                read(registry.register(MAIN, with(Words.join(1), claim, null, lease.ports())), Registration.class);
        assertThat(anew.lease().base()).isEqualTo(lease.base());
    }

    @Test
    void afterTotalLossEverybodyGetsTheSamePortsBack() throws TimeoutException {
        Lease main = registry.join(MAIN, 1);
        Lease rescue = registry.join(RESCUE, 1);
        registry.heartbeat(MAIN, Words.beat(main, 1));
        registry.heartbeat(RESCUE, Words.beat(rescue, 1));
        startAnew(AllocatorConfig.Times.DEFAULT);

        // Each is told that nobody knows it, and joins with its claim; in the other order than before.
        assertThat(registry.heartbeat(RESCUE, Words.beat(rescue, 2)).statusCode())
                .isEqualTo(404);
        PortSet guards = main.ports().plus(rescue.ports());
        Lease rescued = reclaimed(RESCUE, rescue, guards);
        Lease back = reclaimed(MAIN, main, guards);

        assertThat(rescued.ports()).isEqualTo(rescue.ports());
        assertThat(back.ports()).isEqualTo(main.ports());
        assertThat(back.fence()).isGreaterThan(rescue.fence());
        assertThat(registry.heartbeat(MAIN, Words.beat(back, 2)).statusCode()).isEqualTo(200);
    }

    @Test
    void aNewLifeGetsTheSamePortsAndTheOldOneIsSuperseded() throws TimeoutException {
        Lease old = registry.join(MAIN, 1);
        registry.heartbeat(MAIN, Words.beat(old, 1));
        Lease next = registry.join(MAIN, 2);

        assertThat(next.base()).isEqualTo(old.base());
        assertThat(next.fence()).isGreaterThan(old.fence());
        HttpResponse<Buffer> late = registry.heartbeat(MAIN, Words.beat(old, 2));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.bodyAsJsonObject().getString("code")).isEqualTo("superseded");
        assertThat(registry.goodbye(MAIN, 1).statusCode()).isEqualTo(412);
        assertThat(registry.heartbeat(MAIN, Words.beat(next, 1)).statusCode()).isEqualTo(200);
    }

    @Test
    void twoMachinesThatClaimOneHostIdAreBothNamed() throws TimeoutException {
        RegisterInstance word = Words.join(1);
        Lease lease = registry.join(MAIN, 1);
        registry.heartbeat(MAIN, Words.beat(lease, 1));
        PortSpace known = word.facts().portSpace();
        PortSpace other = new PortSpace("another-machine", 4_026_531_999L);

        HttpResponse<Buffer> answer = registry.register(RESCUE, standingOn(word, other));

        assertThat(answer.statusCode()).isEqualTo(409);
        JsonObject problem = answer.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo("port-space-conflict");
        assertThat(problem.getString("detail")).contains("mill", known.toString(), other.toString(), MAIN.toString());
        assertThat(registry.get(path(RESCUE)).statusCode()).isEqualTo(404);
    }

    private static RegisterInstance standingOn(RegisterInstance word, PortSpace space) {
        HostFacts facts = word.facts();
        return new RegisterInstance(
                word.incarnation(),
                word.flavor(),
                word.version(),
                word.layout(),
                word.footprint(),
                new HostFacts(
                        space,
                        facts.listeners(),
                        facts.guards(),
                        facts.ephemeral(),
                        facts.reserved(),
                        facts.nodePorts()),
                null,
                null,
                word.address(),
                word.nodePid(),
                word.labels());
    }

    private JsonArray leases() throws TimeoutException {
        return RegistryUnderTest.await(WebClient.create(registry.vertx)
                        .get(allocator.port(), "127.0.0.1", "/v1/hosts/mill/leases")
                        .send())
                .bodyAsJsonObject()
                .getJsonArray("items");
    }

    private Lease reclaimed(InstanceKey key, Lease had, PortSet guards) throws TimeoutException {
        Claim claim = new Claim(had.base(), had.footprint(), had.fence(), GuardState.HELD, true);
        HttpResponse<Buffer> answer = registry.register(key, with(Words.join(1), claim, null, guards));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
        return read(answer, Registration.class).lease();
    }

    private static RegisterInstance with(
            RegisterInstance word, @Nullable Claim claim, @Nullable Rejection rejected, @Nullable PortSet guards) {
        HostFacts facts = word.facts();
        return new RegisterInstance(
                word.incarnation(),
                word.flavor(),
                word.version(),
                word.layout(),
                word.footprint(),
                new HostFacts(
                        facts.portSpace(),
                        facts.listeners(),
                        guards == null ? PortSet.EMPTY : guards,
                        facts.ephemeral(),
                        facts.reserved(),
                        facts.nodePorts()),
                claim,
                rejected,
                word.address(),
                word.nodePid(),
                word.labels());
    }
}
