package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.lease.Outcome;
import io.gatefleet.allocator.lease.Rest;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private static final HostId MILL = new HostId("mill");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final LeaseRules RULES = AllocatorConfig.defaults().rules(List.of());

    private long now;
    private PortSet guards = PortSet.EMPTY;
    private PortSpace space = new PortSpace("boot-1", 1);
    private HostLedger ledger = HostLedger.empty(MILL);
    private Sweeper sweeper = new Sweeper(AllocatorConfig.Times.DEFAULT, () -> now);

    @Test
    void aConfirmedLeaseLapsesAfterItsTermAndNotBefore() {
        confirmed("main");
        sweepFor(30);

        assertThat(ledger.holdings()).as("at the end of the term").hasSize(1);
        sweepFor(2);
        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void everyBeatStartsTheTermAnew() {
        Lease lease = confirmed("main");
        for (int i = 0; i < 20; i++) {
            sweepFor(25);
            renew(lease);
        }

        assertThat(ledger.holdings()).hasSize(1);
    }

    @Test
    void whoTakesAHostOverCountsAnewByAClockOfItsOwn() {
        confirmed("main");
        sweepFor(29);
        // Another member: its clock began at another time, and what the first one counted is not known to it.
        now = -Duration.ofDays(400).toNanos();
        sweeper = new Sweeper(AllocatorConfig.Times.DEFAULT, () -> now);
        sweepFor(30);

        assertThat(ledger.holdings()).as("a term after it first looked").hasSize(1);
        sweepFor(2);
        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void anOfferThatNobodyConfirmsLapses() {
        offered("main");
        sweepFor(32);

        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void aConfirmationStartsTheTermAnew() {
        Lease offer = offered("main");
        sweepFor(20);
        renew(offer);
        sweepFor(30);

        assertThat(ledger.holdings()).hasSize(1);
    }

    @Test
    void restsEndAfterTheirTimeByReason() {
        release(confirmed("released"), false);
        Lease offer = offered("busy");
        acquire("busy", new Rejection(offer.fence(), List.of(busy(offer.base()))));
        confirmed("lapsed");
        sweepFor(1);
        now += Duration.ofMinutes(1).toNanos();
        lapseAll();
        assertThat(reasons()).containsExactlyInAnyOrder("RELEASED", "BUSY", "LAPSED", "LAPSED");

        sweepFor(2);
        assertThat(reasons()).as("released: 60 s").containsExactlyInAnyOrder("BUSY", "LAPSED", "LAPSED");
        sweepFor(238);
        assertThat(reasons()).as("busy: 5 min").contains("BUSY");
        sweepFor(4);
        assertThat(reasons()).containsExactly("LAPSED", "LAPSED");
        sweepFor(356);
        assertThat(reasons()).as("lapsed: 10 min").hasSize(2);
        sweepFor(4);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void aRecoveryEndsAfterOneHeartbeat() {
        guards = PortSet.of(20_000);
        acquire("main", null);
        sweepFor(5);

        assertThat(ledger.recovery()).isNotNull();
        sweepFor(2);
        assertThat(ledger.recovery()).isNull();
        assertThat(acquire("main", null)).isInstanceOf(LeaseReply.Granted.class);
    }

    @Test
    void theRemainingTimeIsCountedDown() {
        release(confirmed("main"), false);
        Rest rest = ledger.rests().get(0);

        assertThat(sweeper.remainingMillis(MILL, rest)).as("not seen yet").isEqualTo(60_000);
        sweepFor(10);
        now += Duration.ofMillis(400).toNanos();
        assertThat(sweeper.remainingMillis(MILL, rest)).isEqualTo(50_600);
    }

    @Test
    void anotherMemberThatTakesOverStartsTheTermAnew() {
        confirmed("main");
        sweepFor(29);
        sweeper = new Sweeper(AllocatorConfig.Times.DEFAULT, () -> now);
        sweepFor(29);

        assertThat(ledger.holdings()).hasSize(1);
        sweepFor(4);
        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void clocksWithoutACommonOriginAreNoTrouble() {
        now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
        confirmed("main");
        sweepFor(29);

        assertThat(ledger.holdings()).hasSize(1);
        sweepFor(4);
        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void theTimeInWhichThisMemberStoodStillIsNobodysSilence() {
        confirmed("main");
        sweepFor(10);
        now += Duration.ofMinutes(5).toNanos();
        sweepFor(15);

        assertThat(ledger.holdings()).hasSize(1);
        sweepFor(10);
        assertThat(ledger.holdings()).isEmpty();
    }

    @Test
    void whenTooManyFallSilentAtOnceNoneLapses() {
        List<Lease> leases = confirmed(5);
        sweepFor(29);
        renew(leases.get(0));
        sweepFor(10);

        assertThat(ledger.holdings()).hasSize(5);
        assertThat(sweeper.selfPreservation())
                .hasValueSatisfying(why -> assertThat(why).startsWith("4 of 5 leases fell silent at once"));
        for (int i = 0; i < 3; i++) {
            leases.subList(0, 2).forEach(this::renew);
            sweepFor(5);
            assertThat(ledger.holdings()).hasSize(5);
            assertThat(sweeper.selfPreservation())
                    .hasValueSatisfying(why -> assertThat(why).startsWith("3 of 5 leases are silent still"));
        }
        leases.subList(0, 2).forEach(this::renew);
        sweepFor(2);
        assertThat(sweeper.selfPreservation()).isEmpty();
        assertThat(ledger.holdings())
                .as("three are believed when they had half a term to speak")
                .hasSize(2);
    }

    @Test
    void whoSpeaksAgainAMomentAfterTheOthersKeepsItsLeaseToo() {
        List<Lease> leases = confirmed(20);
        sweepFor(60);
        leases.stream().skip(4).forEach(this::renew);
        sweepFor(10);
        leases.forEach(this::renew);
        sweepFor(1);

        assertThat(ledger.holdings()).hasSize(20);
        assertThat(sweeper.selfPreservation()).isEmpty();
    }

    @Test
    void whoFellSilentTogetherIsCountedTogetherHoweverFarApartTheLastBeatsWere() {
        List<Lease> leases = confirmed(20);
        // The slowest pace, a third of the term: two of twenty are due in each sweep.
        for (int second = 0; second < 10; second++) {
            leases.subList(2 * second, 2 * second + 2).forEach(this::renew);
            sweepFor(1);
        }
        sweepFor(120);

        assertThat(ledger.holdings()).hasSize(20);
        assertThat(sweeper.selfPreservation())
                .hasValueSatisfying(why -> assertThat(why).startsWith("20 of 20 leases fell silent at once"));
    }

    @Test
    void offersLapseHoweverManyThereAreAndHoldUpNobody() {
        confirmed("main");
        for (int i = 0; i < 8; i++) {
            offered("i" + i);
        }
        sweepFor(32);

        assertThat(ledger.holdings()).isEmpty();
        assertThat(sweeper.selfPreservation()).isEmpty();
    }

    @Test
    void aFifthOfALargeFleetIsBelieved() {
        List<Lease> leases = confirmed(100);
        sweepFor(29);
        leases.stream().skip(20).forEach(this::renew);
        sweepFor(4);

        assertThat(sweeper.selfPreservation()).isEmpty();
        assertThat(ledger.holdings()).hasSize(80);
    }

    @Test
    void aRebootedHostIsNotHeldUpBySelfPreservation() {
        confirmed(8);
        sweepFor(40);
        assertThat(ledger.holdings()).as("8 of 8 are silent").hasSize(8);
        space = new PortSpace("boot-2", 1);
        acquire("i0", null);

        sweepFor(1);

        assertThat(ledger.holdings()).isEmpty();
        assertThat(acquire("i0", null)).isInstanceOf(LeaseReply.Granted.class);
    }

    @RepeatedTest(100) // the repetition is the seed
    void noLeaseEverEndsEarly(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Lease lease = confirmed("main");
        long lastBeat = now;
        while (!ledger.holdings().isEmpty()) {
            now += random.nextInt(2_000) * 1_000_000L;
            if (random.nextInt(10) == 0 && random.nextInt(100) > 5) {
                renew(lease);
                lastBeat = now;
            }
            sweep();
        }

        assertThat(now - lastBeat).isGreaterThan(Duration.ofSeconds(30).toNanos());
        assertThat(now - lastBeat)
                .as("and not much later")
                .isLessThan(Duration.ofSeconds(36).toNanos());
    }

    private void sweepFor(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND.toNanos();
            sweep();
        }
    }

    private void sweep() {
        for (Sweeper.Due due : sweeper.look(List.of(ledger))) {
            assertThat(due.host()).isEqualTo(MILL);
            run(due.command());
        }
    }

    private void lapseAll() {
        List.copyOf(ledger.holdings())
                .forEach(holding -> run(new Command.Lapse(
                        holding.lease().holder().instance(), holding.lease().fence(), holding.beats())));
    }

    private List<String> reasons() {
        return ledger.rests().stream().map(rest -> rest.reason().name()).toList();
    }

    private <R> R run(Command<R> command) {
        Outcome<R> outcome = command.on(ledger, RULES);
        ledger = outcome.ledger();
        return outcome.reply();
    }

    private LeaseReply acquire(String instance, @Nullable Rejection rejected) {
        HostFacts facts = new HostFacts(space, List.of(), guards, new PortRange(32_768, 60_999), PortSet.EMPTY, false);
        return run(new Command.Acquire(
                new AcquireLease(
                        new InstanceKey(MILL, new InstanceId(instance)),
                        new Incarnation(1),
                        "simulated-dense",
                        Footprint.contiguous(4),
                        facts,
                        null,
                        rejected),
                1_795_000_000L));
    }

    private Lease offered(String instance) {
        return ((LeaseReply.Granted) acquire(instance, null)).lease();
    }

    private Lease confirmed(String instance) {
        Lease offer = offered(instance);
        renew(offer);
        return offer;
    }

    /** So many of them, {@code i0} and on. */
    private List<Lease> confirmed(int many) {
        return IntStream.range(0, many).mapToObj(i -> confirmed("i" + i)).toList();
    }

    private void renew(Lease lease) {
        run(new Command.Renew(new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD)));
    }

    private void release(Lease lease, boolean portsClosed) {
        run(new Command.Release(new ReleaseLease(lease.holder(), lease.incarnation(), portsClosed)));
    }

    private static BusyPort busy(int port) {
        return new BusyPort(port, BusyPort.Protocol.TCP, null, null);
    }
}
