package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.Listener.Reading;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel shows that the ledger did not lend. */
class StrangerTest {
    private final Mill mill = new Mill();

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a hand-run gateway on the default port     | 18789 | GATEWAY_LIKE |       | 18900
            one below the pool that reaches into it    | 18700 | GATEWAY_LIKE |       | 18811
            one below the pool that ends before it     | 18678 | GATEWAY_LIKE |       | 18789
            one that /proc does not name is read alike | 18789 | UNKNOWN      |       | 18900
            a plain program holds its port only        | 18789 | PLAIN        |       | 18790
            a plain program in the middle              | 18850 | PLAIN        |       | 18851
            one that an operator reserved alone        | 18789 | GATEWAY_LIKE | 18789 | 18790
            a reserved range makes nobody known        | 18789 | GATEWAY_LIKE | 18789-18790 | 18900
            """)
    void aStrangersFootprintIsForeign(String why, int port, Reading reading, @Nullable String reserved, int expected) {
        mill.listens(port, reading);
        if (reserved != null) {
            mill.reserve("known", reserved);
        }

        assertThat(mill.ask("main").lease().base()).isEqualTo(expected);
    }

    @Test
    void aGuardedListenerIsANodesAffair() {
        mill.listeners.add(new Listener(18_700, "127.0.0.1", 1, "node", true, Reading.GATEWAY_LIKE));

        assertThat(mill.ask("main").lease().base()).isEqualTo(18_789);
    }

    @Test
    void aStrangerNearTheLastPortReachesToItOnly() {
        mill.pool = PortSet.parse("65500-65535");
        mill.listens(65_510, Reading.GATEWAY_LIKE);

        assertThat(mill.ask("main").of(Mill.DENSE).lease().base()).isEqualTo(65_500);
        assertThat(mill.picture().map().foreign()).hasToString("65510-65535");
    }

    @Test
    void aFirstStartWaitsForNothing() {
        assertThat(mill.ask("main").reply()).isInstanceOf(LeaseReply.Granted.class);
    }

    @Test
    void unknownGuardsMakeNewcomersWaitOnceAndThenAreForeign() {
        mill.guards = PortSet.parse("18789-18899");

        assertThat(mill.ask("main").refusal())
                .isEqualTo(new Refusal.Recovering(Mill.HOST, PortSet.parse("18789-18899"), 5_000));
        assertThat(mill.ask("rescue").refusal().kind()).isEqualTo(Refusal.Code.RECOVERING);

        endRecovery();

        assertThat(mill.ask("main").lease().base()).isEqualTo(18_900);
        mill.guards = mill.guards.plus(PortSet.parse("18900-19010"));
        assertThat(mill.ask("rescue").lease().base())
                .as("main's guard is known")
                .isEqualTo(19_011);
    }

    @Test
    void whenTheLivingHaveSpokenNobodyWaitsAnyMore() {
        mill.guards = PortSet.parse("18789-18899");
        mill.ask("newcomer").refusal();
        Lease former = lease("main", 18_789);

        mill.ask("main").claims(Mill.claim(former, GuardState.HELD)).lease();

        assertThat(mill.ledger.recovery()).isNull();
        assertThat(mill.ask("newcomer").lease().base()).isEqualTo(18_900);
    }

    @Test
    void everyForgottenNodeGetsItsBaseBackBeforeANewcomerGetsOne() {
        mill.guards = PortSet.parse("18789-19010");
        mill.ask("newcomer").refusal();
        mill.ask("main")
                .claims(Mill.claim(lease("main", 18_789), GuardState.HELD))
                .lease();

        assertThat(mill.ask("newcomer").refusal())
                .as("rescue has not spoken yet")
                .isEqualTo(new Refusal.Recovering(Mill.HOST, PortSet.parse("18900-19010"), 5_000));
        mill.ask("rescue")
                .claims(Mill.claim(lease("rescue", 18_900), GuardState.HELD))
                .lease();
        assertThat(mill.ask("newcomer").lease().base()).isEqualTo(19_011);
    }

    @Test
    void guardsOutsideOfThePoolAreNobodysAffair() {
        mill.guards = PortSet.parse("323,5353");

        assertThat(mill.ask("main").lease().base()).isEqualTo(18_789);
    }

    @Test
    void theGuardOfALapsedLeaseIsKnown() {
        Lease main = mill.confirmed("main");
        mill.lapse(main);
        mill.guards = main.ports();

        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_900);
    }

    @Test
    void aForeignGuardThatWentAndCameBackIsAskedForAgain() {
        mill.guards = PortSet.of(20_000);
        mill.ask("main").refusal();
        endRecovery();
        mill.confirmed("main");
        mill.guards = PortSet.EMPTY;
        mill.ask("rescue").lease();
        mill.guards = PortSet.of(20_000);

        assertThat(mill.ask("third").refusal().kind()).isEqualTo(Refusal.Code.RECOVERING);
    }

    @Test
    void guardsThatComeUpDuringARecoveryAreWaitedForInTheSameOne() {
        mill.guards = PortSet.of(20_000);
        mill.ask("main").refusal();
        mill.guards = PortSet.of(20_000, 21_000);
        mill.ask("rescue").refusal();
        endRecovery();

        assertThat(mill.ask("rescue").reply()).isInstanceOf(LeaseReply.Granted.class);
    }

    @Test
    void aSecondRecoveryIsNotEndedByTheFirstOnesEnd() {
        mill.guards = PortSet.of(20_000);
        mill.ask("main").refusal();
        Recovery first = Objects.requireNonNull(mill.ledger.recovery());
        endRecovery();
        mill.guards = PortSet.of(20_000, 21_000);
        mill.ask("main").refusal();

        assertThat(mill.run(new Command.EndRecovery(first.id()))).isFalse();
        assertThat(mill.ledger.recovery()).isNotNull();
    }

    @Test
    void twoPortSpacesUnderOneHostIdAreRefusedWithBothNamed() {
        Lease main = mill.confirmed("main");
        mill.space = Mill.OTHER_SPACE;

        assertThat(mill.ask("rescue").refusal())
                .isEqualTo(new Refusal.PortSpaceConflict(
                        Mill.HOST, Mill.SPACE, Mill.OTHER_SPACE, new InstanceKey(Mill.HOST, new InstanceId("main"))));
        assertThat(mill.ledger.challenger()).isEqualTo(Mill.OTHER_SPACE);
        mill.renew(main, GuardState.HELD);
        assertThat(mill.ledger.challenger()).as("the old one spoke").isNull();
    }

    @Test
    void anotherPortSpaceReplacesOneWithoutALivingLease() {
        Lease main = mill.confirmed("main");
        mill.space = Mill.OTHER_SPACE;
        mill.ask("rescue").refusal();
        mill.lapse(main);

        assertThat(mill.ask("rescue").lease().base())
                .as("a rest in the old port space means nothing in the new")
                .isEqualTo(18_789);
        assertThat(mill.ledger.portSpace()).isEqualTo(Mill.OTHER_SPACE);
        assertThat(mill.ledger.challenger()).isNull();
    }

    @Test
    void anInstanceAloneOnItsHostComesBackFromARebootAtOnce() {
        mill.confirmed("early");
        Lease main = mill.confirmed("main");
        mill.release(mill.ask("early").lease(), true);
        mill.space = Mill.OTHER_SPACE;

        Lease next = mill.ask("main").in(2).lease();

        assertThat(next.base()).isEqualTo(main.base());
        assertThat(mill.lent()).containsExactly("main 18900-19010 offered");
    }

    @Test
    void oneIncarnationCannotBeInTwoPortSpaces() {
        mill.confirmed("main");
        mill.space = Mill.OTHER_SPACE;

        assertThat(mill.ask("main").refusal().kind()).isEqualTo(Refusal.Code.PORT_SPACE_CONFLICT);
    }

    private void endRecovery() {
        long id = Objects.requireNonNull(mill.ledger.recovery()).id();
        assertThat(mill.run(new Command.EndRecovery(id))).isTrue();
    }

    private Lease lease(String instance, int base) {
        return new Lease(
                new InstanceKey(Mill.HOST, new InstanceId(instance)),
                new Incarnation(1),
                base,
                Mill.WIDE,
                "x",
                77,
                LeaseState.CONFIRMED);
    }
}
