package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import org.junit.jupiter.api.Test;

class LeaseLifeTest {
    private final Mill mill = new Mill();

    @Test
    void anOfferIsConfirmedByTheFirstBeatWithTheGuardHeld() {
        Lease offer = mill.ask("main").lease();

        assertThat(mill.renew(offer, GuardState.HELD))
                .isEqualTo(new LeaseReply.Granted(offer.in(LeaseState.CONFIRMED), 30_000, PortSet.EMPTY));
    }

    @Test
    void anOfferIsNotExtendedByABeatWithoutTheGuard() {
        Lease offer = mill.ask("main").lease();
        long beats = beats(offer);

        assertThat(mill.renew(offer, GuardState.MISSING))
                .isEqualTo(new LeaseReply.Granted(offer, 20_000, PortSet.EMPTY));
        assertThat(beats(offer)).isEqualTo(beats);
    }

    @Test
    void aConfirmedLeaseIsKeptByABeatWithoutTheGuard() {
        Lease lease = mill.confirmed("main");
        long beats = beats(lease);

        assertThat(mill.renew(lease, GuardState.MISSING))
                .isEqualTo(new LeaseReply.Granted(lease, 30_000, PortSet.EMPTY));
        assertThat(beats(lease)).isEqualTo(beats + 1);
    }

    @Test
    void aBeatIsNoVisibleChange() {
        Lease lease = mill.confirmed("main");
        long revision = mill.ledger.revision();

        mill.renew(lease, GuardState.HELD);

        assertThat(mill.ledger.revision()).isEqualTo(revision);
    }

    @Test
    void everyOtherChangeIsVisible() {
        long revision = mill.ledger.revision();
        Lease offer = mill.ask("main").lease();
        assertThat(mill.ledger.revision()).as("offered").isGreaterThan(revision);
        revision = mill.ledger.revision();
        mill.confirm(offer);
        assertThat(mill.ledger.revision()).as("confirmed").isGreaterThan(revision);
        revision = mill.ledger.revision();
        mill.run(new Command.Revoke(offer.fence()));
        assertThat(mill.ledger.revision()).as("revoked").isGreaterThan(revision);
        revision = mill.ledger.revision();
        mill.lapse(offer);
        assertThat(mill.ledger.revision()).as("lapsed").isGreaterThan(revision);
        revision = mill.ledger.revision();
        mill.endAllRests();
        assertThat(mill.ledger.revision()).as("rested").isGreaterThan(revision);
    }

    @Test
    void aLeaseDoesNotLapseIfItsNodeSpokeSince() {
        Lease lease = mill.confirmed("main");
        long beats = beats(lease);
        mill.renew(lease, GuardState.HELD);
        HostLedger before = mill.ledger;

        assertThat(mill.run(new Command.Lapse(lease.holder().instance(), lease.fence(), beats)))
                .isFalse();
        assertThat(mill.ledger).isSameAs(before);
    }

    @Test
    void aLapseForAFormerFenceDoesNotEndTheNextLease() {
        Lease former = mill.ask("main").lease();
        mill.ask("main").in(2).lease();

        assertThat(mill.run(new Command.Lapse(former.holder().instance(), former.fence(), 0)))
                .isFalse();
        assertThat(mill.lent()).containsExactly("main 18789-18899 offered");
    }

    @Test
    void aLapsedLeaseIsNeverRenewed() {
        Lease lease = mill.confirmed("main");

        assertThat(mill.lapse(lease)).isTrue();

        assertThat(mill.renew(lease, GuardState.HELD))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseLost(lease.holder(), lease.fence())));
        assertThat(mill.ledger.holdings()).isEmpty();
    }

    @Test
    void aLapsedRangeRestsForEverybodyButItsFormerHolder() {
        Lease lease = mill.confirmed("main");
        mill.lapse(lease);

        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_900);
        assertThat(mill.ask("main").in(2).lease().base()).isEqualTo(18_789);
        assertThat(mill.ledger.rests()).isEmpty();
    }

    @Test
    void theFormerHolderComesBackToItsRestingRangeThoughALowerOneIsFree() {
        Lease early = mill.confirmed("early");
        Lease main = mill.confirmed("main");
        mill.lapse(main);
        mill.release(early, true);

        assertThat(mill.ask("main").in(2).lease().base()).isEqualTo(main.base());
    }

    @Test
    void aLapsedRangeIsLentAfterItsRest() {
        Lease lease = mill.confirmed("main");
        mill.lapse(lease);
        mill.endAllRests();

        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_789);
    }

    @Test
    void aRangeWhoseSocketsAreClosedNeedsNoRest() {
        Lease lease = mill.confirmed("main");

        assertThat(mill.release(lease, true)).isEqualTo(new LeaseReply.Released(true));

        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_789);
    }

    @Test
    void aRangeGivenBackWithoutProofRests() {
        Lease lease = mill.confirmed("main");
        mill.release(lease, false);

        assertThat(mill.ledger.rests())
                .singleElement()
                .returns(RestView.Reason.RELEASED, Rest::reason)
                .returns(lease.ports(), Rest::ports);
        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_900);
    }

    @Test
    void givingBackTwiceSucceedsAndChangesNothing() {
        Lease lease = mill.confirmed("main");
        mill.release(lease, true);
        HostLedger before = mill.ledger;

        assertThat(mill.release(lease, true)).isEqualTo(new LeaseReply.Released(false));
        assertThat(mill.ledger).isSameAs(before);
    }

    @Test
    void aLateGoodbyeOfAnOlderIncarnationEndsNothing() {
        Lease former = mill.confirmed("main");
        mill.confirm(mill.ask("main").in(2).lease());

        assertThat(mill.release(former, true))
                .isEqualTo(new LeaseReply.Refused(
                        new Refusal.Superseded(former.holder(), new Incarnation(1), new Incarnation(2))));
        assertThat(mill.lent()).containsExactly("main 18789-18899 confirmed");
    }

    @Test
    void aNewerIncarnationsProofIsNotForTheOlderOnesPorts() {
        Lease former = mill.confirmed("main");

        mill.run(new Command.Release(new ReleaseLease(former.holder(), new Incarnation(2), true)));

        assertThat(mill.ledger.holdings()).isEmpty();
        assertThat(mill.ledger.rests()).hasSize(1);
    }

    @Test
    void aBeatOfAnOlderIncarnationIsToldThatItIsSuperseded() {
        Lease former = mill.confirmed("main");
        mill.ask("main").in(2).lease();

        assertThat(mill.renew(former, GuardState.HELD))
                .isEqualTo(new LeaseReply.Refused(
                        new Refusal.Superseded(former.holder(), new Incarnation(1), new Incarnation(2))));
    }

    @Test
    void aBeatWithAnotherFenceKeepsNothing() {
        Lease lease = mill.confirmed("main");
        RenewLease wrong = new RenewLease(lease.holder(), lease.incarnation(), lease.fence() + 1, GuardState.HELD);

        assertThat(mill.run(new Command.Renew(wrong)))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseLost(lease.holder(), lease.fence() + 1)));
    }

    @Test
    void aRevokedLeaseIsKeptWhileItsNodeDrainsAndFreedByItsGoodbye() {
        Lease lease = mill.confirmed("main");

        assertThat(mill.run(new Command.Revoke(lease.fence()))).isTrue();

        long beats = beats(lease);
        assertThat(mill.renew(lease, GuardState.HELD))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseRevoked(lease.holder(), lease.fence())));
        assertThat(beats(lease)).isEqualTo(beats + 1);
        assertThat(mill.lent()).containsExactly("main 18789-18899 revoked");
        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_900);
        assertThat(mill.release(lease, true)).isEqualTo(new LeaseReply.Released(true));
        assertThat(mill.ask("third").lease().base()).isEqualTo(18_789);
    }

    @Test
    void aRevokedLeaseIsNotAskedBack() {
        Lease lease = mill.confirmed("main");
        mill.run(new Command.Revoke(lease.fence()));
        Refusal revoked = new Refusal.LeaseRevoked(lease.holder(), lease.fence());

        assertThat(mill.ask("main").refusal()).isEqualTo(revoked);
        assertThat(mill.ask("main").claims(Mill.claim(lease, GuardState.HELD)).refusal())
                .isEqualTo(revoked);
        assertThat(mill.ask("main")
                        .in(2)
                        .claims(Mill.claim(lease, GuardState.HELD))
                        .refusal())
                .isEqualTo(revoked);
        assertThat(mill.lent()).containsExactly("main 18789-18899 revoked");
    }

    @Test
    void aRevokedLeaseWhoseNodeFallsSilentLapsesAndRests() {
        Lease lease = mill.confirmed("main");
        mill.run(new Command.Revoke(lease.fence()));

        assertThat(mill.lapse(lease)).isTrue();

        assertThat(mill.ledger.rests()).hasSize(1);
    }

    @Test
    void onlyALiveFenceCanBeRevoked() {
        Lease lease = mill.confirmed("main");
        HostLedger before = mill.ledger;

        assertThat(mill.run(new Command.Revoke(lease.fence() + 1))).isFalse();
        assertThat(mill.ledger).isSameAs(before);
        assertThat(mill.run(new Command.Revoke(lease.fence()))).isTrue();
        HostLedger revoked = mill.ledger;
        assertThat(mill.run(new Command.Revoke(lease.fence()))).isTrue();
        assertThat(mill.ledger).isSameAs(revoked);
    }

    private long beats(Lease lease) {
        return mill.ledger.holding(lease.fence()).orElseThrow().beats();
    }
}
