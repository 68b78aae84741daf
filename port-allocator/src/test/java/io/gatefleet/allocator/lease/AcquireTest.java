package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcquireTest {
    private final Mill mill = new Mill();

    @Test
    void theFirstInstanceGetsTheLowestPlaceAsAnOffer() {
        LeaseReply reply = mill.ask("main").reply();

        assertThat(reply).isInstanceOfSatisfying(LeaseReply.Granted.class, granted -> {
            assertThat(granted.lease().base()).isEqualTo(18_789);
            assertThat(granted.lease().state()).isEqualTo(LeaseState.OFFERED);
            assertThat(granted.termMillis()).isEqualTo(20_000);
        });
    }

    @Test
    void wideFootprintsPackWithoutAGap() {
        List<Integer> bases = new ArrayList<>();
        for (int i = 0; i < 125; i++) {
            bases.add(mill.ask("i" + i).lease().base());
        }

        assertThat(bases)
                .hasSize(125)
                .doesNotHaveDuplicates()
                .startsWith(18_789, 18_900, 19_011)
                .endsWith(32_553);
        assertThat(mill.ask("one-too-many").refusal())
                .isEqualTo(new Refusal.PoolExhausted(Mill.HOST, PortSet.parse("18789-32767"), Mill.WIDE, 104, 104));
    }

    @Test
    void theDefaultPoolTakes3494DenseGateways() {
        int granted = 0;
        LeaseReply reply = mill.ask("i0").of(Mill.DENSE).reply();
        while (reply instanceof LeaseReply.Granted) {
            granted++;
            reply = mill.ask("i" + granted).of(Mill.DENSE).reply();
        }

        assertThat(granted).isEqualTo(3494);
        assertThat(((LeaseReply.Refused) reply).refusal().kind()).isEqualTo(Refusal.Code.POOL_EXHAUSTED);
    }

    @ParameterizedTest(name = "span {1} from pool {0}")
    @CsvSource({
        // Above 65425 OpenClaw takes its CDP ports from 18800, silently.
        "65425-65535, 111, 65425",
        "65426-65535, 110,      ",
        "65425-65535, 100, 65425",
        "65426-65535, 100,      ",
        "65426-65535,  99, 65426",
        "65432-65535,   4, 65432",
    })
    void noWideBaseIsAbove65425(String pool, int span, @Nullable Integer expected) {
        mill.pool = PortSet.parse(pool);

        LeaseReply reply = mill.ask("main").of(Footprint.contiguous(span)).reply();

        if (expected == null) {
            assertThat(reply).isInstanceOfSatisfying(LeaseReply.Refused.class, no -> assertThat(no.refusal())
                    .isEqualTo(new Refusal.PoolTooNarrow(
                            Mill.HOST, mill.pool, Footprint.contiguous(span), LeaseRules.HIGHEST_WIDE_BASE)));
        } else {
            assertThat(((LeaseReply.Granted) reply).lease().base()).isEqualTo(expected);
        }
    }

    @Test
    void theSameQuestionGetsTheSameLeaseAndChangesNothing() {
        Lease first = mill.ask("main").lease();
        HostLedger before = mill.ledger;

        assertThat(mill.ask("main").lease()).isEqualTo(first);
        assertThat(mill.ledger).isEqualTo(before);
    }

    @Test
    void theSameQuestionAfterTheConfirmationGetsTheConfirmedLease() {
        Lease confirmed = mill.confirmed("main");

        assertThat(mill.ask("main").lease()).isEqualTo(confirmed).returns(LeaseState.CONFIRMED, Lease::state);
    }

    @Test
    void anotherFootprintInTheSameIncarnationIsNamedAsAMistake() {
        mill.confirmed("main");
        HostLedger before = mill.ledger;

        assertThatThrownBy(() -> mill.ask("main").of(Mill.DENSE).reply())
                .isInstanceOfSatisfying(BadInput.class, bad -> {
                    assertThat(bad.name()).isEqualTo("footprint");
                    assertThat(bad.value()).isEqualTo("0-3");
                    assertThat(bad.expected()).contains("0-110");
                });
        assertThat(mill.ledger).isEqualTo(before);
    }

    @Test
    void aNewIncarnationGetsTheSameBaseAnewWithALargerFence() {
        mill.confirmed("other");
        Lease former = mill.confirmed("main");

        Lease next = mill.ask("main").in(2).lease();

        assertThat(next.base()).isEqualTo(former.base());
        assertThat(next.fence()).isGreaterThan(former.fence());
        assertThat(next.state()).isEqualTo(LeaseState.OFFERED);
        assertThat(mill.ledger.rests()).isEmpty();
    }

    @Test
    void theGuardOfItsOlderNodeIsNoStrangerToANewIncarnation() {
        Lease former = mill.confirmed("main");
        mill.guards = former.ports();

        assertThat(mill.ask("main").in(2).lease().base()).isEqualTo(former.base());
    }

    @Test
    void aNewIncarnationWithANarrowerLayoutLetsTheRestOfItsOldRangeRest() {
        mill.confirmed("main");

        Lease next = mill.ask("main").in(2).of(Mill.DENSE).lease();

        assertThat(next.ports()).hasToString("18789-18792");
        assertThat(mill.ledger.rests()).singleElement().satisfies(rest -> {
            assertThat(rest.ports()).hasToString("18793-18899");
            assertThat(rest.opensFor(next.holder().instance())).isTrue();
        });
        assertThat(mill.ask("other").lease().base()).isEqualTo(18_900);
    }

    @Test
    void aNewIncarnationThatCannotHaveItsBaseGetsAnother() {
        Lease former = mill.confirmed("main");
        mill.reserve("mine", "18800");

        Lease next = mill.ask("main").in(2).lease();

        assertThat(next.base()).isEqualTo(18_801);
        assertThat(next.fence()).isGreaterThan(former.fence());
        assertThat(mill.ledger.rests())
                .extracting(rest -> rest.ports().toString())
                .containsExactly("18789-18800");
    }

    @Test
    void anOlderIncarnationIsToldThatItIsSuperseded() {
        mill.ask("main").in(7).lease();
        HostLedger before = mill.ledger;

        assertThat(mill.ask("main").in(6).refusal())
                .isEqualTo(new Refusal.Superseded(
                        mill.ask("main").question().holder(), new Incarnation(6), new Incarnation(7)));
        assertThat(mill.ledger).isEqualTo(before);
    }

    @Test
    void aWishForTheFormerBaseIsGrantedWhereItIsFree() {
        Lease former = mill.confirmed("main");
        Mill other = new Mill();
        other.confirmed("early");

        assertThat(other.ask("main")
                        .claims(Mill.claim(former, GuardState.MISSING))
                        .lease()
                        .base())
                .as("18789 is early's")
                .isEqualTo(18_900);
        Lease wish = new Lease(former.holder(), former.incarnation(), 25_000, Mill.WIDE, "x", 1, LeaseState.CONFIRMED);
        assertThat(other.ask("rescue")
                        .claims(Mill.claim(wish, GuardState.MISSING))
                        .lease())
                .returns(25_000, Lease::base)
                .returns(LeaseState.OFFERED, Lease::state);
    }

    @Test
    void fencesStartWhereNoLostLedgerWasAndOnlyGrow() {
        long start = Mill.EPOCH_SECONDS << 20;
        Lease first = mill.ask("main").lease();
        Lease second = mill.ask("rescue").lease();

        assertThat(first.fence()).isEqualTo(start);
        assertThat(second.fence()).isGreaterThan(first.fence());
    }

    @Test
    void fencesContinueAboveTheLargestOneAsserted() {
        long beyond = (Mill.EPOCH_SECONDS << 20) + 1_000_000;
        mill.ask("main").lease();
        Lease remembered = new Lease(
                mill.ask("rescue").question().holder(),
                new Incarnation(1),
                25_000,
                Mill.WIDE,
                "x",
                beyond,
                LeaseState.CONFIRMED);

        Lease asserted = mill.ask("rescue")
                .claims(Mill.claim(remembered, GuardState.HELD))
                .lease();

        assertThat(asserted.fence()).isEqualTo(beyond + 1);
        assertThat(mill.ask("third").lease().fence()).isGreaterThan(beyond + 1);
    }

    @Test
    void anAssertedFenceThatWouldUseUpTheNumbersIsRefused() {
        Lease mad = new Lease(
                mill.ask("main").question().holder(),
                new Incarnation(1),
                25_000,
                Mill.WIDE,
                "x",
                (1L << 52) + 1,
                LeaseState.CONFIRMED);

        assertThatThrownBy(() -> mill.ask("main")
                        .claims(Mill.claim(mad, GuardState.HELD))
                        .reply())
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("claim.fence"));
    }

    @Test
    void aQuestionForAnotherHostIsRefused() {
        mill.ledger = HostLedger.empty(new HostId("barn"));

        assertThatThrownBy(() -> mill.ask("main").reply())
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("holder.host"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ephemeral and reserved ports are kept out     | 30000-30400 | 30010-30299 | 30000 | false | 30300
            allowed, the kernel's reserved ones are safe  | 30000-30400 | 30010-30299 | 30020 | true  | 30000
            allowed, reserved elsewhere they are not ours | 30000-30400 | 30100-30400 | 30000 | true  | 30001
            """)
    void thePortsOfTheKernelAreItsOwn(
            String why, String pool, String ephemeral, String reserved, boolean allow, int expected) {
        mill.pool = PortSet.parse(pool);
        mill.ephemeral = PortRange.parse(ephemeral);
        mill.reserved = PortSet.parse(reserved);
        mill.allowEphemeral = allow;

        assertThat(mill.ask("main").of(Footprint.contiguous(50)).lease().base()).isEqualTo(expected);
    }

    @Test
    void reservedPortsAreNotLentAndWhoStandsThereStays() {
        Lease main = mill.confirmed("main");
        mill.reserve("database", "18850,18900-18910");

        assertThat(mill.renew(main, GuardState.HELD)).isInstanceOf(LeaseReply.Granted.class);
        assertThat(mill.ask("rescue").lease().base()).isEqualTo(18_911);
    }
}
