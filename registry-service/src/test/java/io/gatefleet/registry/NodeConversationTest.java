package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static io.gatefleet.registry.Words.RESCUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.PortSet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeConversationTest {
    private final RegistryUnderTest registry =
            new RegistryUnderTest(RegistryConfig.defaults().withAskTimeout(Duration.ofSeconds(10)));

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
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

        InstanceView view = view();
        assertThat(view.present()).isTrue();
        assertThat(view.report().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(view.lease()).isEqualTo(lease.in(LeaseState.CONFIRMED));

        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);
        assertThat(registry.allocator.lease(MAIN)).isNull();
        InstanceView gone = view();
        assertThat(gone.present()).isFalse();
        assertThat(gone.lease()).isNull();
        assertThat(gone.report().state()).isEqualTo(GatewayState.STOPPED);
    }

    @Test
    void theAllocatorIsAskedForExactlyWhatTheNodeSaid() throws TimeoutException {
        Claim claim = new Claim(21_000, Words.WIDE, 99, GuardState.HELD, true);
        Rejection rejected = new Rejection(101, List.of(new BusyPort(20_011, BusyPort.Protocol.TCP, 12, "python3")));
        RegisterInstance plain = Words.join(7, Flavor.OPENCLAW, Map.of(), claim);
        RegisterInstance word = new RegisterInstance(
                plain.incarnation(),
                plain.flavor(),
                plain.version(),
                plain.layout(),
                plain.footprint(),
                plain.facts(),
                claim,
                rejected,
                plain.address(),
                plain.nodePid(),
                plain.labels());

        Lease lease = read(registry.register(MAIN, word), Registration.class).lease();
        registry.heartbeat(MAIN, Words.beat(lease, 1));
        registry.goodbye(MAIN, 7);

        assertThat(registry.allocator.asked(AcquireLease.class))
                .containsExactly(new AcquireLease(
                        MAIN, new Incarnation(7), word.layout(), word.footprint(), word.facts(), claim, rejected));
        assertThat(registry.allocator.asked(RenewLease.class))
                .containsExactly(new RenewLease(MAIN, new Incarnation(7), lease.fence(), GuardState.HELD));
        assertThat(registry.allocator.asked(ReleaseLease.class))
                .containsExactly(new ReleaseLease(MAIN, new Incarnation(7), true));
    }

    @Test
    void theSameWordTwiceGetsTheSameAnswer() throws TimeoutException {
        Registration first = read(registry.register(MAIN, Words.join(7)), Registration.class);
        HttpResponse<Buffer> again = registry.register(MAIN, Words.join(7));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(read(again, Registration.class)).isEqualTo(first);

        HttpResponse<Buffer> beat = registry.heartbeat(MAIN, Words.beat(first.lease(), 3));
        HttpResponse<Buffer> late = registry.heartbeat(MAIN, Words.beat(first.lease(), 3, GatewayState.EXITED));
        assertThat(late.statusCode()).isEqualTo(200);
        assertThat(read(late, HeartbeatReply.class)).isEqualTo(read(beat, HeartbeatReply.class));
        assertThat(view().report().state()).isEqualTo(GatewayState.RUNNING);

        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);
        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);
        // Who says twice that it joins is announced twice; whoever hears it knows that it is the same life.
        registry.heardAll(3, 1);
    }

    @Test
    void everybodyIsToldWhatWasTakenAndNothingElse() throws TimeoutException {
        Lease lease = registry.join(MAIN, 7);
        registry.heartbeat(MAIN, Words.beat(lease, 1));
        registry.heartbeat(MAIN, Words.beat(lease, 1));
        registry.heartbeat(MAIN, Words.beat(lease, 0));
        registry.heartbeat(RESCUE, Words.beat(Words.lease(RESCUE, 1, 1), 1));
        registry.goodbye(MAIN, 7);

        registry.heardAll(2, 1);
        assertThat(registry.beats)
                .containsExactly(
                        Beat.ofRegistration(MAIN, Flavor.SIMULATED, lease),
                        new Beat(MAIN, Flavor.SIMULATED, Words.beat(lease, 1)));
        assertThat(registry.departures).containsExactly(new Departure(MAIN, new Incarnation(7), true));
    }

    @Test
    void anAdoptedGatewayIsNotCalledStarting() throws TimeoutException {
        Claim standing = new Claim(20_000, Words.WIDE, 99, GuardState.HELD);
        registry.register(MAIN, Words.join(7, Flavor.OPENCLAW, Map.of(), standing));
        registry.join(RESCUE, 1);

        registry.heardAll(1, 0);
        assertThat(registry.beats).extracting(Beat::instance).containsExactly(RESCUE);
    }

    @Test
    void aGoodbyeToAnEmptyBookStillGivesThePortsBack() throws TimeoutException {
        assertThat(registry.goodbye(MAIN, 7).statusCode()).isEqualTo(204);

        assertThat(registry.allocator.asked(ReleaseLease.class)).hasSize(1);
        registry.heardAll(0, 1);
    }

    @Test
    void theGoodbyeOfAnOlderLifeChangesNothing() throws TimeoutException {
        registry.join(MAIN, 7);

        HttpResponse<Buffer> answer = registry.goodbye(MAIN, 6);
        assertThat(answer.statusCode()).isEqualTo(412);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("other-incarnation");
        assertThat(answer.bodyAsJsonObject().getLong("registered")).isEqualTo(7);
        assertThat(view().present()).isTrue();
        assertThat(registry.allocator.asked(ReleaseLease.class)).isEmpty();
        registry.heardAll(1, 0);
    }

    @Test
    void aGoodbyeThatOvertakesTheNewsOfItsOwnJoiningIsTaken() throws TimeoutException {
        registry.join(MAIN, 7);

        assertThat(registry.goodbye(MAIN, 8).statusCode()).isEqualTo(204);
        assertThat(registry.goodbye(MAIN, 8).statusCode()).isEqualTo(204);

        assertThat(view().present()).isFalse();
        registry.heardAll(1, 1);
        assertThat(registry.departures).containsExactly(new Departure(MAIN, new Incarnation(8), true));
    }

    @Test
    void whatANewerNodeAddsToItsWordsIsIgnored() throws TimeoutException {
        JsonObject join = Wire.LENIENT.write(Words.join(7)).toJsonObject().put("mood", new JsonObject().put("good", 1));
        HttpResponse<Buffer> joined = registry.send(HttpMethod.PUT, path(MAIN), join.toBuffer());
        assertThat(joined.statusCode()).isEqualTo(201);
        Lease lease = read(joined, Registration.class).lease();
        JsonObject beat =
                Wire.LENIENT.write(Words.beat(lease, 1)).toJsonObject().put("mood", "good");

        assertThat(registry.send(HttpMethod.POST, path(MAIN) + "/heartbeats", beat.toBuffer())
                        .statusCode())
                .isEqualTo(200);
        assertThat(registry.get("/metrics").bodyAsString()).containsPattern("gatefleet_wire_ignored_total [2-9]");
    }

    @Test
    void anOlderLifeIsSuperseded() throws TimeoutException {
        Lease old = registry.join(MAIN, 6);
        registry.join(MAIN, 7);

        HttpResponse<Buffer> join = registry.register(MAIN, Words.join(6));
        assertThat(join.statusCode()).isEqualTo(409);
        assertThat(join.bodyAsJsonObject().getString("code")).isEqualTo("superseded");
        assertThat(join.bodyAsJsonObject().getLong("newest")).isEqualTo(7);
        HttpResponse<Buffer> beat = registry.heartbeat(MAIN, Words.beat(old, 9));
        assertThat(beat.statusCode()).isEqualTo(409);
        assertThat(beat.bodyAsJsonObject().getString("code")).isEqualTo("superseded");
        assertThat(registry.allocator.asked(AcquireLease.class)).hasSize(2);
        assertThat(registry.allocator.asked(RenewLease.class)).isEmpty();
    }

    @Test
    void aHeartbeatThatNobodyKnowsIsToldToRegister() throws TimeoutException {
        HttpResponse<Buffer> answer = registry.heartbeat(MAIN, Words.beat(Words.lease(MAIN, 7, 1), 1));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("unknown-instance");
        assertThat(registry.allocator.asked(RenewLease.class)).isEmpty();
    }

    @Test
    void aLostLeaseIsSaidAndNoLongerShown() throws TimeoutException {
        Lease lease = registry.join(MAIN, 7);
        registry.allocator.forget(MAIN);

        HttpResponse<Buffer> answer = registry.heartbeat(MAIN, Words.beat(lease, 1));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("lease-lost");
        assertThat(view().lease()).isNull();
        assertThat(view().report().state()).as("heard all the same").isEqualTo(GatewayState.RUNNING);
        Lease next = registry.join(MAIN, 7);
        assertThat(view().lease()).isEqualTo(next);
    }

    static Stream<Arguments> refusals() {
        Lease other = Words.lease(RESCUE, 1, 5);
        PortSet pool = PortSet.parse("20000-20100");
        return Stream.of(
                Arguments.of(new Refusal.PoolExhausted(MAIN.host(), pool, Words.WIDE, 1, 1), 503, false),
                Arguments.of(new Refusal.PoolTooNarrow(MAIN.host(), pool, Words.WIDE, 65_425), 422, false),
                Arguments.of(new Refusal.ClaimConflict(MAIN, pool, other), 409, false),
                Arguments.of(new Refusal.NoUsableRange(MAIN, List.of()), 409, false),
                Arguments.of(new Refusal.Recovering(MAIN.host(), pool, 1500), 503, true),
                Arguments.of(new Refusal.Superseded(MAIN, new Incarnation(7), new Incarnation(8)), 409, false),
                Arguments.of(new Refusal.Unavailable("The ledger", 2000), 503, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatTheAllocatorRefusesIsRefusedWithItsFactsAndNothingIsRemembered(
            Refusal refusal, int status, boolean askAgain) throws TimeoutException {
        registry.allocator.refuseWith(refusal);

        HttpResponse<Buffer> answer = registry.register(MAIN, Words.join(7));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.bodyAsJsonObject().getString("code"))
                .isEqualTo(refusal.kind().toString());
        assertThat(answer.bodyAsJsonObject().getString("detail")).isEqualTo(refusal.detail());
        assertThat(answer.getHeader("retry-after") != null).isEqualTo(askAgain);
        assertThat(registry.get("/v1/instances").bodyAsJsonObject().getJsonArray("items"))
                .isEmpty();
        registry.heardAll(0, 0);
    }

    private InstanceView view() throws TimeoutException {
        return read(registry.get(path(MAIN)), InstanceView.class);
    }
}
