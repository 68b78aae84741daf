package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener.Reading;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import org.junit.jupiter.api.Test;

/** A claim with the guard held is an assertion: the instance stands there. */
class ClaimTest {
    private final Mill mill = new Mill();

    @Test
    void anEmptyLedgerGivesTheLivingTheirPortsBackConfirmed() {
        Claim claim = held(20_000, 77);

        Lease lease = mill.ask("main").claims(claim).lease();

        assertThat(lease)
                .returns(20_000, Lease::base)
                .returns(Mill.WIDE, Lease::footprint)
                .returns(LeaseState.CONFIRMED, Lease::state);
        assertThat(lease.fence()).isGreaterThan(77);
    }

    @Test
    void whoStandsSomewhereStaysWhateverTheRulesSay() {
        mill.pool = PortSet.parse("30000-31000");
        mill.reserve("mine", "20000-20110");
        mill.listens(20_000, Reading.GATEWAY_LIKE);

        assertThat(mill.ask("main").claims(held(20_000, 77)).lease().base()).isEqualTo(20_000);
    }

    @Test
    void theSameAssertionTwiceGetsTheSameLease() {
        Lease first = mill.ask("main").claims(held(20_000, 77)).lease();
        HostLedger before = mill.ledger;

        assertThat(mill.ask("main").claims(held(20_000, 77)).lease()).isEqualTo(first);
        assertThat(mill.ledger).isEqualTo(before);
    }

    @Test
    void anAssertionOfTheOfferedPortsConfirmsThem() {
        Lease offer = mill.ask("main").lease();

        assertThat(mill.ask("main").claims(Mill.claim(offer, GuardState.HELD)).lease())
                .isEqualTo(offer.in(LeaseState.CONFIRMED));
    }

    @Test
    void anAssertionElsewhereReplacesTheOffer() {
        mill.ask("main").lease();

        assertThat(mill.ask("main").claims(held(20_000, 77)).lease().base()).isEqualTo(20_000);
        assertThat(mill.lent()).containsExactly("main 20000-20110 confirmed");
    }

    @Test
    void aClaimOnAnotherInstancesConfirmedPortsIsRefusedAndBothStay() {
        Lease main = mill.confirmed("main");
        HostLedger before = mill.ledger;

        Refusal refusal = mill.ask("rescue").claims(held(18_800, 77)).refusal();

        assertThat(refusal)
                .isEqualTo(new Refusal.ClaimConflict(
                        mill.ask("rescue").question().holder(), PortSet.parse("18800-18910"), main));
        assertThat(mill.ledger.holdings()).isEqualTo(before.holdings());
        assertThat(mill.renew(main, GuardState.HELD)).isInstanceOf(LeaseReply.Granted.class);
    }

    @Test
    void aRevokedLeaseIsStillItsHoldersUntilItsNodeGaveItBack() {
        Lease main = mill.confirmed("main");
        mill.run(new Command.Revoke(main.fence()));

        assertThat(mill.ask("rescue").claims(held(18_800, 77)).refusal().kind()).isEqualTo(Refusal.Code.CLAIM_CONFLICT);
        assertThat(mill.lent()).containsExactly("main 18789-18899 revoked");
    }

    @Test
    void anotherInstancesOfferGivesWayToAHeldClaim() {
        Lease offer = mill.ask("main").lease();

        Lease rescue = mill.ask("rescue").claims(held(18_800, 77)).lease();

        assertThat(rescue.base()).isEqualTo(18_800);
        assertThat(mill.lent()).containsExactly("rescue 18800-18910 confirmed");
        assertThat(mill.renew(offer, GuardState.HELD))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseLost(offer.holder(), offer.fence())));
        assertThat(mill.ask("main").in(1).lease().base()).isEqualTo(18_911);
    }

    @Test
    void oneOfferAndOneConfirmedLeaseInTheWayMeansThatNothingGivesWay() {
        mill.ask("main").lease();
        mill.confirmed("rescue");

        mill.ask("third").claims(held(18_850, 77)).refusal();

        assertThat(mill.lent()).containsExactly("main 18789-18899 offered", "rescue 18900-19010 confirmed");
    }

    @Test
    void aLapsedInstanceAssertsItsClaimAndGetsTheSameRangeAnew() {
        Lease lease = mill.confirmed("main");
        mill.lapse(lease);

        Lease anew = mill.ask("main").claims(Mill.claim(lease, GuardState.HELD)).lease();

        assertThat(anew).returns(lease.base(), Lease::base).returns(LeaseState.CONFIRMED, Lease::state);
        assertThat(anew.fence()).isGreaterThan(lease.fence());
        assertThat(mill.ledger.rests()).isEmpty();
    }

    @Test
    void anAdoptedGatewaysFootprintStaysThoughTheLayoutIsAnotherNow() {
        Lease wide = mill.confirmed("main");

        Lease adopted = mill.ask("main")
                .in(2)
                .of(Mill.DENSE)
                .claims(Mill.claim(wide, GuardState.HELD))
                .lease();

        assertThat(adopted.footprint()).isEqualTo(Mill.WIDE);
        assertThat(mill.ask("main")
                        .in(2)
                        .of(Mill.DENSE)
                        .claims(Mill.claim(wide, GuardState.MISSING))
                        .lease())
                .as("the same question with the guard lost meanwhile")
                .isEqualTo(adopted);
    }

    @Test
    void aHeldClaimIsNeverHeldUpByARecovery() {
        mill.guards = PortSet.parse("20000-20110");
        mill.ask("newcomer").refusal();

        assertThat(mill.ask("main").claims(held(20_000, 77)).lease().incarnation())
                .isEqualTo(new Incarnation(1));
    }

    @Test
    void aGatewayThatStandsUnguardedIsOfferedTheRangeWhereItStands() {
        mill.guards = PortSet.of(20_005);
        Claim standing = standing(20_000);

        Lease lease = mill.ask("main").claims(standing).lease();

        assertThat(lease).returns(20_000, Lease::base).returns(LeaseState.OFFERED, Lease::state);
        assertThat(mill.ask("main").claims(standing).lease()).isEqualTo(lease);
        assertThat(mill.ask("main").claims(Mill.claim(lease, GuardState.HELD)).lease())
                .isEqualTo(lease.in(LeaseState.CONFIRMED));
    }

    @Test
    void aGatewayThatStandsUnguardedLearnsWhoseConfirmedLeaseItStandsIn() {
        Lease main = mill.confirmed("main");

        Refusal refusal = mill.ask("rescue").claims(standing(18_800)).refusal();

        assertThat(refusal)
                .isEqualTo(new Refusal.ClaimConflict(
                        mill.ask("rescue").question().holder(), PortSet.parse("18800-18910"), main));
    }

    @Test
    void whoHoldsTheGuardTakesTheRangeFromAGatewayThatStandsThereUnguarded() {
        mill.ask("main").claims(standing(20_000)).lease();

        Lease rescue = mill.ask("rescue").claims(held(20_000, 77)).lease();

        assertThat(mill.lent()).containsExactly("rescue 20000-20110 confirmed");
        assertThat(mill.ask("main").claims(standing(20_000)).refusal())
                .isInstanceOfSatisfying(Refusal.ClaimConflict.class, conflict -> assertThat(conflict.holder())
                        .isEqualTo(rescue));
    }

    private static Claim standing(int base) {
        return new Claim(base, Mill.WIDE, 77, GuardState.MISSING, true);
    }

    private static Claim held(int base, long fence) {
        return new Claim(base, Mill.WIDE, fence, GuardState.HELD);
    }
}
