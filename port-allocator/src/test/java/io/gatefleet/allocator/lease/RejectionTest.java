package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RejectionTest {
    private final Mill mill = new Mill();

    @Test
    void theNextOfferAvoidsTheBusyPortAndNothingMore() {
        Lease first = mill.ask("main").lease();

        Lease second = mill.ask("main").rejects(first, 18_791).lease();

        assertThat(second.base()).isEqualTo(18_792);
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(mill.ledger.rests()).singleElement().satisfies(rest -> {
            assertThat(rest.ports()).hasToString("18791");
            assertThat(rest.reason()).isEqualTo(RestView.Reason.BUSY);
            assertThat(rest.busy()).isEqualTo(new BusyPort(18_791, BusyPort.Protocol.TCP, 4711, "thief"));
        });
    }

    @Test
    void aBusyPortRestsForItsFinderToo() {
        Lease first = mill.ask("main").lease();
        mill.ask("main").rejects(first, 18_791).lease();

        assertThat(mill.ask("main").in(2).lease().base()).isEqualTo(18_792);
    }

    @Test
    void theSameRejectionTwiceGetsTheSameLease() {
        Lease first = mill.ask("main").lease();
        Lease second = mill.ask("main").rejects(first, 18_791).lease();
        HostLedger before = mill.ledger;

        assertThat(mill.ask("main").rejects(first, 18_791).lease()).isEqualTo(second);
        assertThat(mill.ledger).isEqualTo(before);
    }

    @Test
    void theFootprintOfANeighbourRestsAsAWhole() {
        Lease first = mill.ask("main").lease();
        int[] neighbour = IntStream.rangeClosed(18_700, 18_810).toArray();

        Lease second = mill.ask("main")
                .rejects(first.fence(), BusyPort.Protocol.NEIGHBOUR, neighbour)
                .lease();

        assertThat(second.base()).isEqualTo(18_811);
        assertThat(mill.ledger.rests()).singleElement().satisfies(rest -> assertThat(rest.ports())
                .hasToString("18700-18810"));
    }

    @Test
    void anOfferRejectedForPortsOutsideOfItIsNotMadeAgain() {
        Lease first = mill.ask("main").lease();

        Lease second = mill.ask("main")
                .rejects(first.fence(), BusyPort.Protocol.NEIGHBOUR, 18_700)
                .lease();

        assertThat(second.ports().overlaps(first.ports())).isFalse();
    }

    @Test
    void afterFiveRejectionsThereIsNoUsableRangeAndAllOfThemAreSaid() {
        Lease offer = mill.ask("main").lease();
        for (int i = 0; i < 4; i++) {
            offer = mill.ask("main").rejects(offer, offer.base() + 2).lease();
        }

        Refusal refusal = mill.ask("main").rejects(offer, offer.base() + 2).refusal();

        assertThat(refusal).isInstanceOfSatisfying(Refusal.NoUsableRange.class, none -> assertThat(none.rejected())
                .flatExtracting(rejection ->
                        rejection.busy().stream().map(BusyPort::port).toList())
                .containsExactly(18_791, 18_794, 18_797, 18_800, 18_803));
        assertThat(mill.ledger.holdings()).isEmpty();
        assertThat(mill.ask("main").refusal()).as("asked again").isEqualTo(refusal);
        assertThat(mill.ask("main").rejects(offer, offer.base() + 2).refusal()).isEqualTo(refusal);
        assertThat(mill.ask("main").in(2).lease().base())
                .as("a new incarnation counts anew")
                .isEqualTo(18_804);
    }

    @Test
    void rejectionsAreForgottenWhenAnOfferIsTaken() {
        Lease offer = mill.ask("main").lease();
        offer = mill.ask("main").rejects(offer, 18_791).lease();
        mill.confirm(offer);

        assertThat(mill.ledger.rejects()).isEmpty();
    }

    @Test
    void rejectionsAreForgottenWhenTheInstanceLeaves() {
        Lease offer = mill.ask("main").lease();
        offer = mill.ask("main").rejects(offer, 18_791).lease();
        mill.release(offer, true);

        assertThat(mill.ledger.rejects()).isEmpty();
    }

    @Test
    void rejectionsAreForgottenWhenAllThatTheyFoundHasRested() {
        Lease offer = mill.ask("main").lease();
        for (int i = 0; i < 4; i++) {
            offer = mill.ask("main").rejects(offer, offer.base() + 2).lease();
        }
        mill.ask("main").rejects(offer, offer.base() + 2).refusal();
        mill.endAllRests();

        assertThat(mill.ledger.rejects()).isEmpty();
        assertThat(mill.ask("main").lease().base()).isEqualTo(18_789);
    }

    @Test
    void aRejectionOfALostLedgersOfferCountsAndIsHeeded() {
        Lease offer =
                mill.ask("main").rejects(12_345, BusyPort.Protocol.UDP, 18_789).lease();

        assertThat(offer.base()).isEqualTo(18_790);
        assertThat(mill.ledger.rejects()).singleElement().satisfies(history -> assertThat(history.rejections())
                .hasSize(1));
    }

    @Test
    void aConfirmedLeaseThatIsRejectedLetsItsOtherPortsRest() {
        Lease lease = mill.confirmed("main");

        mill.ask("main").rejects(lease, 18_791).lease();

        assertThat(mill.lent()).containsExactly("main 18792-18902 offered");
        assertThat(mill.ask("rescue").of(Footprint.contiguous(1)).lease().base())
                .as("what main left of its old range may still be open")
                .isEqualTo(18_903);
    }

    @Test
    void aBusyPortFoundAnewRestsFromTheBeginning() {
        Lease first = mill.ask("main").lease();
        mill.ask("main").rejects(first, 18_791).lease();
        long restBefore = mill.ledger.rests().get(0).id();
        Lease third = mill.ask("rescue").of(Mill.DENSE).lease();

        mill.ask("rescue")
                .of(Mill.DENSE)
                .rejects(third.fence(), BusyPort.Protocol.TCP, 18_791, 18_903)
                .lease();

        assertThat(mill.ledger.rests())
                .noneMatch(rest -> rest.id() == restBefore)
                .anyMatch(rest -> rest.ports().equals(PortSet.of(18_791, 18_903)));
    }

    @Test
    void portsOfOneStrangerAreOneRest() {
        Lease first = mill.ask("main").lease();

        mill.ask("main").rejects(first, 18_791, 18_800).lease();

        assertThat(mill.ledger.rests()).singleElement().satisfies(rest -> assertThat(rest.ports())
                .hasToString("18791,18800"));
    }

    @Test
    void theAskersOwnGuardsOnTheRejectedRangeAreNoStrangers() {
        Lease first = mill.ask("main").lease();
        mill.guards = first.ports();

        LeaseReply reply = mill.ask("main").rejects(first, 18_791).reply();

        assertThat(reply).isInstanceOfSatisfying(LeaseReply.Granted.class, granted -> assertThat(
                        granted.lease().base())
                .isEqualTo(18_792));
    }

    @Test
    void aBeatForTheRejectedOfferIsTooLate() {
        Lease first = mill.ask("main").lease();
        mill.ask("main").rejects(first, 18_791).lease();

        assertThat(mill.renew(first, GuardState.HELD))
                .isEqualTo(new LeaseReply.Refused(new Refusal.LeaseLost(first.holder(), first.fence())));
    }
}
