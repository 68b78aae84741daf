package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.key;
import static io.gatefleet.health.verdict.Told.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.health.Verdict.State;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetHealthTest {
    private static final InstanceKey MAIN = key("mill/main");
    private static final InstanceKey RESCUE = key("mill/rescue");
    private static final long SECOND = 1_000_000_000L;

    /** Starts anywhere: nanoTime does, too, below zero as well. */
    private long now = -7 * SECOND;

    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), now);
    private final List<Transition> changes = new ArrayList<>();
    private long sequence;

    @Test
    void anEmptyPictureSaysHowLongItHasBeenLooking() {
        pass(3);

        FleetHealthView fleet = fleet();
        assertThat(fleet.sentence()).isEqualTo("No gateway is known; looking for 3 s.");
        assertThat(fleet.instances()).isZero();
        assertThat(fleet.problems()).isEmpty();
        assertThat(fleet.observer()).isEqualTo(new FleetHealthView.Observer(5000, 3000, 12, 1));
    }

    @Test
    void threeSignalsAreKeptApart() {
        hear(MAIN, Told.GOOD);
        pass(2);

        InstanceHealth instance = instance(MAIN);
        assertThat(instance.verdict()).isEqualTo(new Verdict(State.READY, "ready", "Ready; answered in 3 ms.", 2000));
        assertThat(instance.node().heardMillisAgo()).isEqualTo(2000);
        assertThat(instance.node().suspect()).isFalse();
        assertThat(instance.node().residentBytes()).isEqualTo(90_000_000L);
        assertThat(instance.gateway().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(instance.gateway().probe()).isEqualTo(Told.GOOD);
        assertThat(instance.lease()).isEqualTo(Told.lease(MAIN, 1));
        assertThat(fleet().sentence()).isEqualTo("The only gateway is ready.");
        assertThat(fleet().observer().pictureAgeMillis()).isEqualTo(2000);
    }

    @Test
    void twoBadAnswersAreNeededToFallAndTwoGoodOnesToRise() {
        hear(MAIN, Told.GOOD);
        expect(State.READY, "ready");

        next(Told.DEAD);
        expect(State.READY, "ready");
        assertThat(instance(MAIN).verdict().sentence()).contains("so far", "does not answer", "after 2 in a row");
        next(Told.DEAD);
        expect(State.DOWN, "probe-failing");

        next(Told.GOOD);
        expect(State.DOWN, "probe-failing");
        assertThat(instance(MAIN).verdict().sentence()).contains("so far", "Ready");
        next(Told.GOOD);
        expect(State.READY, "ready");
    }

    @Test
    void badAnswersThatTheNodeCountedAreNotCountedAgain() {
        hear(MAIN, Told.GOOD);

        next(Told.dead(1));
        expect(State.READY, "ready");
        next(Told.dead(2));
        expect(State.DOWN, "probe-failing");

        // To rise is the aggregator's own matter.
        next(Told.GOOD);
        expect(State.DOWN, "probe-failing");
        next(Told.GOOD);
        expect(State.READY, "ready");
        next(Told.dead(2));
        expect(State.DOWN, "probe-failing");
    }

    @Test
    void aGoodAnswerBetweenTwoBadOnesStartsTheCountAnew() {
        hear(MAIN, Told.GOOD);
        next(Told.NOT_READY);
        next(Told.GOOD);
        next(Told.NOT_READY);
        expect(State.READY, "ready");
        next(Told.NOT_READY);
        expect(State.DEGRADED, "not-ready");
    }

    @Test
    void notReadyTurnsToDeadAndBackOnlyAfterTwo() {
        hear(MAIN, Told.NOT_READY);
        expect(State.DEGRADED, "not-ready");
        next(Told.DEAD);
        expect(State.DEGRADED, "not-ready");
        next(Told.DEAD);
        expect(State.DOWN, "probe-failing");
        next(Told.NOT_READY);
        expect(State.DOWN, "probe-failing");
        next(Told.NOT_READY);
        expect(State.DEGRADED, "not-ready");
    }

    @Test
    void theFirstAnswerOfALifeIsBelievedAtOnce() {
        say(MAIN, GatewayState.STARTING, null, null);
        expect(State.STARTING, "starting");
        next(Told.GOOD);
        expect(State.READY, "ready");
        next(Told.DEAD);
        next(Told.DEAD);
        expect(State.DOWN, "probe-failing");

        pass(1);
        say(MAIN, GatewayState.BACKOFF, 1, null);
        expect(State.DOWN, "backing-off");
        pass(1);
        say(MAIN, GatewayState.STARTING, 1, null);
        pass(1);
        hear(MAIN, Told.GOOD);
        expect(State.READY, "ready");
    }

    @Test
    void theProcessIsBelievedAtOnce() {
        hear(MAIN, Told.GOOD);
        // The same millisecond: a node speaks at once on any change.
        say(MAIN, GatewayState.BACKOFF, 137, null);
        expect(State.DOWN, "backing-off");
    }

    @Test
    void oneAnswerThatIsSaidTwiceAtOnceIsOneCheck() {
        hear(MAIN, Told.GOOD);
        pass(1);
        hear(MAIN, Told.DEAD);
        now += SECOND / 10;
        hear(MAIN, Told.DEAD);
        expect(State.READY, "ready");
        now += SECOND;
        hear(MAIN, Told.DEAD);
        expect(State.DOWN, "probe-failing");
    }

    @Test
    void aSilentNodeIsSuspectAfterFifteenSecondsAndUnreachableAfterThirty() {
        hear(MAIN, Told.GOOD);
        hear(RESCUE, Told.GOOD);

        passWhile(14, RESCUE);
        expect(State.READY, "ready");
        passWhile(1, RESCUE);
        expect(State.UNKNOWN, "node-suspect");
        assertThat(instance(MAIN).node().suspect()).isTrue();
        assertThat(host("mill").state()).isEqualTo(HostHealth.State.UP);
        assertThat(problem().severity()).isEqualTo(Severity.INFO);

        passWhile(14, RESCUE);
        expect(State.UNKNOWN, "node-suspect");
        passWhile(1, RESCUE);
        expect(State.UNREACHABLE, "node-silent");
        assertThat(problem().code()).isEqualTo("node-silent");
        assertThat(problem().affected()).containsExactly(MAIN);
        assertThat(problem().next()).contains("node");
        assertThat(instance(RESCUE).verdict().state()).isEqualTo(State.READY);

        hear(MAIN, Told.GOOD);
        expect(State.READY, "ready");
        assertThat(fleet().problems()).isEmpty();
    }

    @Test
    void whatWasKnownToBeDownIsNotMadeBetterByDoubt() {
        say(MAIN, GatewayState.EXITED, 78, null);
        hear(RESCUE, Told.GOOD);
        passWhile(16, RESCUE);
        expect(State.DOWN, "config-refused");
        assertThat(instance(MAIN).node().suspect()).isTrue();
        passWhile(15, RESCUE);
        expect(State.UNREACHABLE, "node-silent");
    }

    @Test
    void aSilentHostIsOneProblemWhateverItsGatewaysWere() {
        hear(MAIN, Told.GOOD);
        say(RESCUE, GatewayState.EXITED, 78, null);
        hear(key("barn/main"), Told.GOOD);

        passWhile(15, key("barn/main"));
        assertThat(host("mill").state()).isEqualTo(HostHealth.State.SUSPECT);
        passWhile(15, key("barn/main"));

        assertThat(host("mill").state()).isEqualTo(HostHealth.State.DOWN);
        expect(State.UNREACHABLE, "host-silent");
        assertThat(instance(RESCUE).verdict().reason()).isEqualTo("host-silent");
        ProblemReport problem = problem();
        assertThat(problem.code()).isEqualTo("host-silent");
        assertThat(problem.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(problem.host()).isEqualTo(new HostId("mill"));
        assertThat(problem.affected()).containsExactly(MAIN, RESCUE);
        assertThat(problem.affectedCount()).isEqualTo(2);
        assertThat(problem.sentence())
                .isEqualTo("Host mill is silent: no node of it speaks; 2 gateways cannot be reached.");
        assertThat(fleet().sentence()).isEqualTo("1 of 3 gateways on 2 hosts are ready. First: " + problem.sentence());

        // One node comes back: the host lives, the other node is the problem.
        hear(MAIN, Told.GOOD);
        assertThat(host("mill").state()).isEqualTo(HostHealth.State.UP);
        passWhile(1, key("barn/main"), MAIN);
        assertThat(instance(RESCUE).verdict().reason()).isEqualTo("node-silent");
    }

    @Test
    void tooMuchSilenceAtOnceIsNotBelievedAtFirst() {
        // Ten hosts of two nodes each; four fall silent together, which is more than three.
        Set<InstanceKey> all = fleetOf(10);
        all.forEach(each -> hear(each, Told.GOOD));
        Set<InstanceKey> speaking = new HashSet<>(all);
        speaking.removeIf(
                each -> List.of("h0", "h1", "h2", "h3").contains(each.host().value()));

        passWhile(29, speaking);
        assertThat(fleet().selfPreservation().on()).isTrue();
        passWhile(30, speaking);

        FleetHealthView fleet = fleet();
        assertThat(fleet.selfPreservation().on()).isTrue();
        assertThat(fleet.selfPreservation().why()).contains("4 of 10 hosts", "this observer");
        assertThat(fleet.counts()).containsEntry(State.UNKNOWN, 8).doesNotContainKey(State.UNREACHABLE);
        assertThat(instance(key("h0/a")).verdict().reason()).isEqualTo("silence-held");
        assertThat(host("h0").state()).isEqualTo(HostHealth.State.SUSPECT);
        assertThat(fleet.problems()).hasSize(1);
        assertThat(fleet.problems().get(0).code()).isEqualTo("silence-held");
        assertThat(fleet.problems().get(0).severity()).isEqualTo(Severity.CRITICAL);
        assertThat(fleet.problems().get(0).affectedCount()).isEqualTo(8);

        // One of the four speaks again: three are believed at once.
        hear(key("h3/a"), Told.GOOD);
        speaking.add(key("h3/a"));
        speaking.add(key("h3/b"));
        hear(key("h3/b"), Told.GOOD);
        passWhile(1, speaking);
        assertThat(fleet().selfPreservation().on()).isFalse();
        assertThat(fleet().counts()).containsEntry(State.UNREACHABLE, 6);
        assertThat(fleet().problems()).extracting(ProblemReport::code).containsOnly("host-silent");
    }

    @Test
    void threeSilentHostsAreBelieved() {
        Set<InstanceKey> all = fleetOf(10);
        all.forEach(each -> hear(each, Told.GOOD));
        all.removeIf(each -> List.of("h0", "h1", "h2").contains(each.host().value()));
        passWhile(31, all);

        assertThat(fleet().selfPreservation().on()).isFalse();
        assertThat(fleet().counts()).containsEntry(State.UNREACHABLE, 6);
        assertThat(fleet().problems())
                .extracting(problem -> String.valueOf(problem.host()))
                .containsExactly("h0", "h1", "h2");
    }

    @Test
    void aFifthOfALargeFleetIsBelieved() {
        Set<InstanceKey> all = fleetOf(30);
        all.forEach(each -> hear(each, Told.GOOD));
        Set<InstanceKey> six = new HashSet<>(all);
        six.removeIf(each -> Integer.parseInt(each.host().value().substring(1)) < 6);
        passWhile(31, six);
        assertThat(fleet().selfPreservation().on()).isFalse();
        assertThat(fleet().counts()).containsEntry(State.UNREACHABLE, 12);
    }

    @Test
    void hostsThatEndOneByOneNeverAddUpToDoubt() {
        Set<InstanceKey> speaking = fleetOf(10);
        speaking.forEach(each -> hear(each, Told.GOOD));
        for (int host = 0; host < 8; host++) {
            String gone = "h" + host;
            speaking.removeIf(each -> each.host().value().equals(gone));
            passWhile(40, speaking);
            assertThat(fleet().selfPreservation().on()).as("%d hosts", host + 1).isFalse();
            assertThat(host(gone).state()).isEqualTo(HostHealth.State.DOWN);
        }
        assertThat(fleet().counts()).containsEntry(State.UNREACHABLE, 16).containsEntry(State.READY, 4);
    }

    @Test
    void manySilentNodesOfOneSpeakingHostAreDoubtedToo() {
        List<InstanceKey> nodes =
                IntStream.range(0, 10).mapToObj(i -> key("mill/g" + i)).toList();
        nodes.forEach(each -> hear(each, Told.GOOD));
        passWhile(35, new HashSet<>(nodes.subList(4, 10)));

        assertThat(fleet().selfPreservation().on()).isTrue();
        assertThat(fleet().selfPreservation().why()).contains("4 of 10 nodes on speaking hosts");
        assertThat(instance(nodes.get(0)).verdict().reason()).isEqualTo("silence-held");
    }

    @Test
    void doubtEndsAfterTenMinutes() {
        Set<InstanceKey> all = fleetOf(5);
        all.forEach(each -> hear(each, Told.GOOD));
        passWhile(15 + 600, Set.of());
        assertThat(fleet().selfPreservation().on()).isTrue();
        passWhile(2, Set.of());

        assertThat(fleet().selfPreservation().on()).isFalse();
        assertThat(fleet().counts()).containsOnlyKeys(State.UNREACHABLE);
        assertThat(fleet().problems()).hasSize(5);
    }

    @Test
    void anObserverThatSleptDoesNotTakeItsSleepForSilence() {
        hear(MAIN, Told.GOOD);
        hear(RESCUE, Told.GOOD);
        pass(1);
        now += 120 * SECOND;
        tick();
        expect(State.READY, "ready");

        // From now on silence counts.
        pass(15);
        expect(State.UNKNOWN, "node-suspect");
    }

    @Test
    void whoSaidGoodbyeLeavesThePictureAndALateWordDoesNotBringItBack() {
        hear(MAIN, Told.GOOD);
        hear(RESCUE, Told.GOOD);
        health.hear(new Departure(MAIN, new Incarnation(1), true), now);

        assertThat(health.instance(MAIN, now)).isEmpty();
        assertThat(fleet().instances()).isEqualTo(1);
        hear(MAIN, Told.GOOD);
        assertThat(health.instance(MAIN, now)).isEmpty();

        health.hear(Told.beat(MAIN, 2, 0, report(GatewayState.RUNNING, null, Told.GOOD, List.of())), now, changes);
        expect(State.READY, "ready");
        health.hear(new Departure(MAIN, new Incarnation(1), true), now);
        expect(State.READY, "ready");

        health.hear(new Departure(MAIN, new Incarnation(2), true), now);
        health.hear(new Departure(RESCUE, new Incarnation(1), true), now);
        assertThat(fleet().hosts()).isZero();
        health.hear(new Departure(MAIN, new Incarnation(1), true), now);
        health.hear(Told.beat(MAIN, 2, 1, report(GatewayState.RUNNING, null, Told.GOOD, List.of())), now, changes);
        assertThat(fleet().hosts())
                .as("the goodbye of an older life does not undo a newer one's")
                .isZero();
        pass(60);
        assertThat(fleet().problems()).isEmpty();
    }

    @Test
    void wordsThatAreLateOrOfAnOlderLifeAreNotHeard() {
        health.hear(Told.beat(MAIN, 2, 5, report(GatewayState.RUNNING, null, Told.GOOD, List.of())), now, changes);
        pass(2);
        for (Beat late : List.of(
                Told.beat(MAIN, 2, 5, report(GatewayState.EXITED, 1, null, List.of())),
                Told.beat(MAIN, 2, 4, report(GatewayState.EXITED, 1, null, List.of())),
                Told.beat(MAIN, 1, 99, report(GatewayState.EXITED, 1, null, List.of())),
                Beat.ofRegistration(MAIN, Flavor.SIMULATED, Told.lease(MAIN, 2)))) {
            assertThat(health.hear(late, now, changes)).isEmpty();
        }

        expect(State.READY, "ready");
        assertThat(instance(MAIN).node().heardMillisAgo()).isEqualTo(2000);
    }

    @Test
    void whoJustRegisteredIsStarting() {
        health.hear(Beat.ofRegistration(MAIN, Flavor.SIMULATED, Told.lease(MAIN, 1)), now, changes);
        expect(State.STARTING, "starting");

        health.hear(Told.beat(MAIN, 1, 0, report(GatewayState.RUNNING, null, Told.GOOD, List.of())), now, changes);
        expect(State.READY, "ready");
    }

    @Test
    void theAgeOfAWordIsTheTimeSinceTheOneBeforeIt() {
        assertThat(health.hear(Told.running(MAIN, 1, Told.GOOD), now, changes)).isEmpty();
        pass(3);
        assertThat(health.hear(Told.running(MAIN, 2, Told.GOOD), now, changes)).contains(Duration.ofSeconds(3));
    }

    @Test
    void aVerdictSaysSinceWhenAndARepetitionDoesNotChangeThat() {
        hear(MAIN, Told.NOT_READY);
        passWhile(5, MAIN, Told.NOT_READY);
        assertThat(instance(MAIN).verdict().sinceMillisAgo()).isEqualTo(5000);
        assertThat(problem().sinceMillisAgo()).isEqualTo(5000);
        assertThat(changes).containsExactly(new Transition(MAIN, State.UNKNOWN, State.DEGRADED, "not-ready"));
    }

    @Test
    void aGatewayThatComesAndGoesFlapsUntilItIsCalm() {
        hear(MAIN, Told.GOOD);
        for (int crash = 0; crash < 3; crash++) {
            pass(1);
            say(MAIN, GatewayState.BACKOFF, 1, null);
            pass(1);
            say(MAIN, GatewayState.STARTING, 1, null);
            pass(1);
            hear(MAIN, Told.GOOD);
        }
        expect(State.DEGRADED, "flapping");
        assertThat(instance(MAIN).flapping()).isTrue();
        assertThat(instance(MAIN).flapScore()).isGreaterThanOrEqualTo(VerdictRules.Flapping.DEFAULT.enter());
        assertThat(problem().code()).isEqualTo("flapping");

        pass(1);
        say(MAIN, GatewayState.BACKOFF, 1, null);
        expect(State.DOWN, "backing-off");
        assertThat(fleet().problems()).extracting(ProblemReport::code).containsExactly("backing-off", "flapping");

        passWhile(25, MAIN, Told.GOOD);
        expect(State.READY, "ready");
        assertThat(instance(MAIN).flapping()).isFalse();
    }

    @Test
    void restartingOnPurposeIsNoFlappingHoweverOften() {
        for (int restart = 0; restart < 20; restart++) {
            hear(MAIN, Told.GOOD);
            pass(1);
            say(MAIN, GatewayState.DRAINING, null, null);
            pass(1);
            say(MAIN, GatewayState.STARTING, null, null);
            pass(1);
            say(MAIN, GatewayState.RUNNING, null, null);
            pass(1);
        }
        hear(MAIN, Told.GOOD);
        expect(State.READY, "ready");
        assertThat(instance(MAIN).flapScore()).isZero();
        assertThat(fleet().problems()).isEmpty();
    }

    @Test
    void aGatewayThatEndsOnItsOwnAfterItWasStartedAgainIsRestless() {
        hear(MAIN, Told.GOOD);
        say(MAIN, GatewayState.STOPPED, null, null);
        for (int crash = 0; crash < 4; crash++) {
            pass(1);
            say(MAIN, GatewayState.STARTING, null, null);
            pass(1);
            say(MAIN, GatewayState.BACKOFF, 1, null);
        }
        assertThat(instance(MAIN).flapping()).isTrue();
    }

    @Test
    void stoppingOnPurposeIsNoFlapping() {
        for (int i = 0; i < 20; i++) {
            hear(MAIN, Told.GOOD);
            pass(1);
            say(MAIN, GatewayState.DRAINING, null, null);
            pass(1);
            say(MAIN, GatewayState.STOPPED, null, null);
            pass(1);
        }
        expect(State.MAINTENANCE, "stopped");
        assertThat(instance(MAIN).flapScore()).isZero();
        assertThat(fleet().problems()).isEmpty();
    }

    @Test
    void theSameReasonAtManyInstancesIsOneProblemAndTheWorstComesFirst() {
        for (int i = 0; i < 150; i++) {
            say(key("h" + i % 2 + "/g" + i), GatewayState.EXITED, 78, null);
        }
        hear(MAIN, Told.NOT_READY);
        say(RESCUE, GatewayState.BACKOFF, 1, null);
        tick();

        List<ProblemReport> problems = fleet().problems();
        assertThat(problems)
                .extracting(ProblemReport::code)
                .containsExactly("config-refused", "backing-off", "not-ready");
        ProblemReport first = problems.get(0);
        assertThat(first.affectedCount()).isEqualTo(150);
        assertThat(first.affected()).hasSize(100);
        assertThat(first.host()).isNull();
        assertThat(first.sentence())
                .startsWith("150 gateways on 2 hosts: the gateway's configuration is refused. The first, h0/g0:");
        assertThat(problems.get(1).host()).isEqualTo(new HostId("mill"));
        assertThat(problems.get(1).sentence()).startsWith("mill/rescue: Ended with exit code 1");
        assertThat(problems).extracting(FleetHealth::key).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aStrangerInTheLeaseIsAProblemOfItsOwnEvenIfTheGatewayIsDown() {
        health.hear(
                Told.beat(
                        MAIN,
                        1,
                        ++sequence,
                        report(
                                GatewayState.RUNNING,
                                null,
                                Told.DEAD,
                                List.of(Told.finding("stranger-in-lease"), Told.finding("stranger-in-lease")))),
                now,
                changes);

        expect(State.DOWN, "probe-failing");
        assertThat(fleet().problems())
                .extracting(ProblemReport::code)
                .containsExactly("stranger-in-lease", "probe-failing");
        assertThat(fleet().problems().get(0).affectedCount()).isEqualTo(1);
        assertThat(fleet().problems().get(0).sentence()).contains("Pid 4711 (chromium) on port 18811");
    }

    @Test
    void whatWasSilentForADayIsForgotten() {
        hear(MAIN, Told.GOOD);
        passWhile(60, Set.of());
        expect(State.UNREACHABLE, "host-silent");
        // In long steps, as an observer that is there: each tick comes when it is due.
        FleetHealth slow = new FleetHealth(VerdictRules.defaults(), Duration.ofHours(1), now);
        slow.hear(Told.running(MAIN, 1, Told.GOOD), now, changes);
        for (int hour = 0; hour < 24; hour++) {
            now += 3600 * SECOND;
            slow.tick(now, changes);
            assertThat(slow.instance(MAIN, now)).isPresent();
        }
        now += 3600 * SECOND;
        slow.tick(now, changes);
        assertThat(slow.instance(MAIN, now)).isEmpty();
    }

    private void hear(InstanceKey key, @Nullable Probe probe) {
        health.hear(Told.running(key, ++sequence, probe), now, changes);
    }

    private void say(InstanceKey key, GatewayState state, @Nullable Integer exit, @Nullable Probe probe) {
        health.hear(Told.beat(key, 1, ++sequence, report(state, exit, probe, List.of())), now, changes);
    }

    /** A second later, the next answer of the gateway. */
    private void next(Probe probe) {
        pass(1);
        hear(MAIN, probe);
    }

    private void pass(int seconds) {
        passWhile(seconds, Set.of());
    }

    private void passWhile(int seconds, InstanceKey... speaking) {
        passWhile(seconds, Set.of(speaking));
    }

    private void passWhile(int seconds, InstanceKey speaking, Probe probe) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            hear(speaking, probe);
            tick();
        }
    }

    /** Time passes second by second while these go on speaking. */
    private void passWhile(int seconds, Set<InstanceKey> speaking) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            speaking.forEach(each -> hear(each, Told.GOOD));
            tick();
        }
    }

    private void tick() {
        health.tick(now, changes);
    }

    private static Set<InstanceKey> fleetOf(int hosts) {
        Set<InstanceKey> keys = new HashSet<>();
        for (int i = 0; i < hosts; i++) {
            keys.add(key("h" + i + "/a"));
            keys.add(key("h" + i + "/b"));
        }
        return keys;
    }

    private void expect(State state, String reason) {
        Verdict verdict = instance(MAIN).verdict();
        assertThat(verdict.reason()).as("%s", verdict).isEqualTo(reason);
        assertThat(verdict.state()).isEqualTo(state);
    }

    private InstanceHealth instance(InstanceKey key) {
        return health.instance(key, now).orElseThrow();
    }

    private HostHealth host(String host) {
        return health.host(new HostId(host), now).orElseThrow();
    }

    private FleetHealthView fleet() {
        long age = TimeUnit.NANOSECONDS.toMillis(now - health.heardAt());
        return health.fleet(new FleetHealthView.Observer(5000, age, 12, 1), now);
    }

    /** The only problem. */
    private ProblemReport problem() {
        assertThat(fleet().problems()).hasSize(1);
        return fleet().problems().get(0);
    }
}
