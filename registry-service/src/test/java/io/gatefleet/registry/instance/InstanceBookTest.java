package io.gatefleet.registry.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.LabelSelector;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.watch.Change;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class InstanceBookTest {
    private static final InstanceKey MAIN = key("mill", "main");
    private static final long TERM = 30_000;
    private static final Footprint WIDE = Footprint.contiguous(111);

    private final ChangeLog<InstanceView> log = new ChangeLog<>("a", 1000);
    private final InstanceBook book = new InstanceBook(Duration.ofMinutes(10), Duration.ofHours(24), log);

    /** Starts anywhere: nanoTime does, too, below zero as well. */
    private long now = -5_000_000_000L;

    @Test
    void anotherBookLearnsAllThatMattersOfThisOne() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 3, GatewayState.RUNNING), now);
        pass(2000);

        InstanceBook other = copy();

        assertThat(other.find(MAIN, now)).contains(view());
        assertThat(other.hear(MAIN, beat(7, 3, GatewayState.EXITED), now)).isInstanceOf(Hearing.Late.class);
        assertThat(other.hear(MAIN, beat(7, 4, GatewayState.EXITED), now)).isInstanceOf(Hearing.Taken.class);
    }

    @Test
    void onlyAWordThatSaysNothingNewOfAConfirmedLeaseIsCalm() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        assertThat(book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now)).isEqualTo(taken(false));
        // Of a lease that is only offered, its node waits to hear that it is confirmed.
        assertThat(book.hear(MAIN, beat(7, 2, GatewayState.RUNNING), now)).isEqualTo(taken(false));

        book.renewed(MAIN, new Incarnation(7), lease(MAIN, 7, 1).in(LeaseState.CONFIRMED));

        assertThat(book.hear(MAIN, beat(7, 3, GatewayState.RUNNING), now)).isEqualTo(taken(true));
        assertThat(book.hear(MAIN, beat(7, 4, GatewayState.BACKOFF), now)).isEqualTo(taken(false));
        assertThat(book.hear(MAIN, beat(7, 5, GatewayState.BACKOFF), now)).isEqualTo(taken(true));
        book.leaseLost(MAIN, new Incarnation(7), 1);
        assertThat(book.hear(MAIN, beat(7, 6, GatewayState.BACKOFF), now)).isEqualTo(taken(false));
    }

    private static Hearing taken(boolean calm) {
        return new Hearing.Taken(Flavor.SIMULATED, calm);
    }

    @Test
    void whatIsToldTwiceOrLateChangesNothing() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        Remembered early = told();
        book.hear(MAIN, beat(7, 3, GatewayState.RUNNING), now);
        book.renewed(MAIN, new Incarnation(7), lease(MAIN, 7, 2));
        pass(1000);
        InstanceView before = view();
        Revision revision = book.revision();

        book.learn(told(), now);
        book.learn(early, now - 1_000_000_000);

        assertThat(view()).isEqualTo(before);
        assertThat(book.revision()).isEqualTo(revision);
    }

    @Test
    void aNewerLifeReplacesAnOlderOneAndNeverTheOtherWayRound() {
        book.join(MAIN, word(8), lease(MAIN, 8, 2), TERM, now);
        Remembered newer = told();
        InstanceBook other = anotherBook();
        other.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        Remembered older = other.remembered(MAIN, now).orElseThrow();

        book.learn(older, now);
        other.learn(newer, now);

        assertThat(book.incarnation(MAIN)).contains(new Incarnation(8));
        assertThat(other.find(MAIN, now)).contains(view());
    }

    @Test
    void aGoodbyeIsLearntAndNotTakenBack() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        Remembered present = told();
        InstanceBook other = copy();
        book.leave(MAIN, new Incarnation(7), true, now);

        other.learn(told(), now);
        other.learn(present, now);

        assertThat(other.find(MAIN, now)).contains(view());
        assertThat(view().present()).isFalse();
        assertThat(view().lease()).isNull();
    }

    @Test
    void aGoodbyeMayComeBeforeTheNewsOfTheJoining() {
        book.join(MAIN, word(8), lease(MAIN, 8, 2), TERM, now);
        Remembered joined = told();
        InstanceBook empty = anotherBook();
        InstanceBook behind = anotherBook();
        behind.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        Remembered before = behind.remembered(MAIN, now).orElseThrow();

        for (InstanceBook other : List.of(empty, behind)) {
            assertThat(other.leave(MAIN, new Incarnation(8), true, now)).isTrue();
            assertThat(other.leave(MAIN, new Incarnation(8), true, now)).isFalse();
            other.learn(before, now);
            assertThat(other.departed(MAIN)).isTrue();
            assertThat(other.find(MAIN, now).orElseThrow().report().state())
                    .as("what the older life left, the newer one does not know")
                    .isEqualTo(GatewayState.STARTING);

            other.learn(joined, now);

            assertThat(other.departed(MAIN)).isTrue();
            assertThat(other.incarnation(MAIN)).contains(new Incarnation(8));
            assertThat(other.find(MAIN, now).orElseThrow().report().state()).isEqualTo(GatewayState.STOPPED);
        }
    }

    @Test
    void aLifeThatJoinsAfterAGoodbyeIsNotHeldBackByIt() {
        book.leave(MAIN, new Incarnation(8), true, now);
        book.join(MAIN, word(9), lease(MAIN, 9, 3), TERM, now);
        book.learn(told(), now);
        assertThat(view().present()).isTrue();
        assertThat(book.leave(MAIN, new Incarnation(8), true, now)).isFalse();

        InstanceBook other = anotherBook();
        other.leave(MAIN, new Incarnation(8), true, now);
        other.learn(told(), now);
        assertThat(other.isPresent(MAIN, now)).isTrue();
    }

    @Test
    void aBookIsToldPageByPage() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            book.join(key("mill", name), word(1), lease(key("mill", name), 1, 1), TERM, now);
        }

        List<Remembered> first = book.remembered(null, 3, now);
        List<Remembered> rest = book.remembered(first.get(2).instance(), 3, now);

        assertThat(first).extracting(told -> told.instance().instance().value()).containsExactly("a", "b", "c");
        assertThat(rest).extracting(told -> told.instance().instance().value()).containsExactly("d", "e");
    }

    private Remembered told() {
        return book.remembered(MAIN, now).orElseThrow();
    }

    private static InstanceBook anotherBook() {
        return new InstanceBook(Duration.ofMinutes(10), Duration.ofHours(24), new ChangeLog<>("b", 1000));
    }

    private InstanceBook copy() {
        InstanceBook other = anotherBook();
        book.remembered(null, 100, now).forEach(told -> other.learn(told, now));
        return other;
    }

    @Test
    void whoJoinedIsPresentUntilItWasSilentForATerm() {
        assertThat(book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now)).isTrue();
        assertThat(view().present()).isTrue();
        assertThat(view().heardMillisAgo()).isZero();

        pass(TERM);
        assertThat(view().present()).isTrue();
        assertThat(book.present(now)).isEqualTo(1);
        pass(1);
        assertThat(view().present()).isFalse();
        assertThat(book.present(now)).isZero();
        assertThat(view().heardMillisAgo()).isEqualTo(TERM + 1);

        assertThat(book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now)).isInstanceOf(Hearing.Taken.class);
        assertThat(view().present()).isTrue();
    }

    @Test
    void anOlderLifeIsRefusedWhileANewerOneIsPresentAndWelcomeAfterwards() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);

        assertThat(book.objection(MAIN, new Incarnation(6), now))
                .contains(new Refusal.Superseded(MAIN, new Incarnation(6), new Incarnation(7)));
        assertThat(book.objection(MAIN, new Incarnation(7), now)).isEmpty();
        assertThat(book.objection(MAIN, new Incarnation(8), now)).isEmpty();

        // A clock that was set back and a lost disk: the newer life will never be heard again.
        pass(TERM + 1);
        assertThat(book.objection(MAIN, new Incarnation(6), now)).isEmpty();
        assertThat(book.join(MAIN, word(6), lease(MAIN, 6, 2), TERM, now)).isTrue();
        assertThat(view().incarnation()).isEqualTo(new Incarnation(6));
    }

    @Test
    void theSameWordAgainChangesNothingThatWasHeardSince() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 4, GatewayState.RUNNING), now);

        assertThat(book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now)).isFalse();
        assertThat(view().report().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(book.hear(MAIN, beat(7, 4, GatewayState.STOPPED), now)).isInstanceOf(Hearing.Late.class);
    }

    @Test
    void aLateHeartbeatIsNotTaken() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 5, GatewayState.RUNNING), now);
        pass(100);

        assertThat(book.hear(MAIN, beat(7, 5, GatewayState.STARTING), now)).isInstanceOf(Hearing.Late.class);
        assertThat(book.hear(MAIN, beat(7, 4, GatewayState.STARTING), now)).isInstanceOf(Hearing.Late.class);
        assertThat(view().report().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(view().heardMillisAgo()).isEqualTo(100);
    }

    @Test
    void aNewLifeCountsItsHeartbeatsAnew() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 500, GatewayState.RUNNING), now);

        assertThat(book.join(MAIN, word(8), lease(MAIN, 8, 2), TERM, now)).isTrue();
        assertThat(view().report().state()).isEqualTo(GatewayState.STARTING);
        assertThat(book.hear(MAIN, beat(8, 0, GatewayState.RUNNING), now)).isInstanceOf(Hearing.Taken.class);
        assertThat(book.hear(MAIN, beat(7, 501, GatewayState.EXITED), now))
                .isEqualTo(new Hearing.Refused(new Refusal.Superseded(MAIN, new Incarnation(7), new Incarnation(8))));
    }

    @Test
    void aLifeThatIsNotInTheBookIsToldToRegister() {
        Hearing.Refused unknown = new Hearing.Refused(new Refusal.UnknownInstance(MAIN));
        assertThat(book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now)).isEqualTo(unknown);

        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        assertThat(book.hear(MAIN, beat(8, 1, GatewayState.RUNNING), now)).isEqualTo(unknown);

        book.leave(MAIN, new Incarnation(7), true, now);
        assertThat(book.hear(MAIN, beat(7, 2, GatewayState.RUNNING), now)).isEqualTo(unknown);
    }

    @Test
    void whoSaidGoodbyeIsShownForAWhileWithoutALease() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now);

        assertThat(book.leave(MAIN, new Incarnation(6), true, now)).isFalse();
        assertThat(view().present()).isTrue();
        assertThat(book.leave(MAIN, new Incarnation(7), false, now)).isTrue();
        assertThat(book.leave(MAIN, new Incarnation(7), false, now)).isFalse();
        assertThat(view().present()).isFalse();
        assertThat(view().lease()).isNull();
        assertThat(view().report().state())
                .as("its ports were not proven closed: the gateway may live on")
                .isEqualTo(GatewayState.RUNNING);

        pass(Duration.ofMinutes(10).toMillis());
        book.sweep(now);
        assertThat(book.find(MAIN, now)).isPresent();
        pass(1);
        book.sweep(now);
        assertThat(book.find(MAIN, now)).isEmpty();
    }

    @Test
    void whoFellSilentIsStillShownTheMorningAfter() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        pass(Duration.ofHours(23).toMillis());
        book.sweep(now);
        assertThat(view().present()).isFalse();
        pass(Duration.ofHours(2).toMillis());
        book.sweep(now);
        assertThat(book.find(MAIN, now)).isEmpty();
    }

    @Test
    void aLostLeaseIsNotShownAndANewerOneIsNotLostWithIt() {
        book.join(MAIN, word(7), lease(MAIN, 7, 5), TERM, now);

        book.leaseLost(MAIN, new Incarnation(7), 4);
        assertThat(view().lease()).isEqualTo(lease(MAIN, 7, 5));
        book.renewed(MAIN, new Incarnation(7), lease(MAIN, 7, 4));
        assertThat(view().lease()).as("an answer that was overtaken").isEqualTo(lease(MAIN, 7, 5));
        book.renewed(MAIN, new Incarnation(7), lease(MAIN, 7, 5).in(LeaseState.CONFIRMED));
        assertThat(view().lease()).isEqualTo(lease(MAIN, 7, 5).in(LeaseState.CONFIRMED));
        book.leaseLost(MAIN, new Incarnation(7), 5);
        assertThat(view().lease()).isNull();
    }

    @Test
    void theRevisionGrowsWithWhatAReaderCanSeeAndNotWithAges() {
        long start = book.revision().number();
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        long joined = book.revision().number();
        assertThat(joined).isGreaterThan(start);

        book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now);
        long running = book.revision().number();
        assertThat(running).isGreaterThan(joined);
        pass(1000);
        book.hear(MAIN, beat(7, 2, GatewayState.RUNNING), now);
        assertThat(book.revision().number()).isEqualTo(running);
        book.leave(MAIN, new Incarnation(7), true, now);
        assertThat(book.revision().number()).isGreaterThan(running);
    }

    @Test
    void everythingThatHappensToAnInstanceIsWrittenDownOnce() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.hear(MAIN, beat(7, 1, GatewayState.RUNNING), now);
        pass(TERM + 1);
        book.sweep(now);
        book.sweep(now);
        book.hear(MAIN, beat(7, 2, GatewayState.RUNNING), now);
        book.leaseLost(MAIN, new Incarnation(7), 1);
        book.leave(MAIN, new Incarnation(7), true, now);
        book.leave(MAIN, new Incarnation(7), true, now);
        pass(Duration.ofMinutes(10).toMillis() + 1);
        book.sweep(now);
        book.sweep(now);

        assertThat(written())
                .containsExactly("registered", "changed", "silent", "changed", "changed", "departed", "gone");
    }

    @Test
    void whoeverFollowsTheLogHasWhatTheListShows() {
        Random random = new Random(11);
        Map<String, InstanceView> copy = new HashMap<>();
        long read = 0;
        for (int step = 0; step < 3000; step++) {
            InstanceKey key = key("mill", "g" + random.nextInt(6));
            long life = 1L + random.nextInt(4);
            switch (random.nextInt(8)) {
                case 0 -> {
                    if (book.objection(key, new Incarnation(life), now).isEmpty()) {
                        book.join(key, word(life), lease(key, life, step + 1), TERM, now);
                    }
                }
                case 1 -> book.leave(key, new Incarnation(life), random.nextBoolean(), now);
                case 2 -> book.renewed(key, new Incarnation(life), lease(key, life, step + 1));
                case 3 -> book.leaseLost(key, new Incarnation(life), step);
                case 4 -> pass(random.nextInt(20_000));
                default ->
                    book.hear(
                            key,
                            beat(life, step, random.nextBoolean() ? GatewayState.RUNNING : GatewayState.EXITED),
                            now);
            }
            book.sweep(now);
            for (Change<InstanceView> change = log.next(read); change != null; change = log.next(read)) {
                InstanceView after = change.after();
                if (after == null) {
                    copy.remove(change.key());
                } else {
                    copy.put(change.key(), after);
                }
                read = change.number();
            }
        }
        assertThat(copy.values())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("heardMillisAgo")
                .containsExactlyInAnyOrderElementsOf(book.list(view -> true, now));
        assertThat(read).isGreaterThan(500);
    }

    private List<String> written() {
        List<String> kinds = new ArrayList<>();
        long read = 0;
        for (Change<InstanceView> change = log.next(read); change != null; change = log.next(read)) {
            kinds.add(change.after() == null ? "gone" : change.kind());
            read = change.number();
        }
        return kinds;
    }

    @Test
    void aFilterAsksForEveryPartOfIt() {
        book.join(MAIN, word(7), lease(MAIN, 7, 1), TERM, now);
        book.join(key("mill", "rescue"), word(7, Flavor.OPENCLAW, Map.of("team", "a")), lease(MAIN, 7, 2), TERM, now);
        book.join(
                key("barn", "main"),
                word(7, Flavor.OPENCLAW, Map.of("team", "a", "tier", "1")),
                lease(MAIN, 7, 3),
                TERM,
                now);

        assertThat(found(InstanceFilter.ALL)).containsExactly("barn/main", "mill/main", "mill/rescue");
        assertThat(found(InstanceFilter.of(new HostId("mill")))).containsExactly("mill/main", "mill/rescue");
        assertThat(found(new InstanceFilter(null, Flavor.OPENCLAW, null, LabelSelector.ALL)))
                .containsExactly("barn/main", "mill/rescue");
        assertThat(found(new InstanceFilter(null, null, GatewayState.RUNNING, LabelSelector.ALL)))
                .isEmpty();
        assertThat(found(new InstanceFilter(null, null, null, LabelSelector.parse("team=a"))))
                .containsExactly("barn/main", "mill/rescue");
        assertThat(found(new InstanceFilter(null, null, null, LabelSelector.parse("team=a,tier=1"))))
                .containsExactly("barn/main");
        assertThat(found(new InstanceFilter(null, null, null, LabelSelector.parse("team=b"))))
                .isEmpty();
    }

    /** Against a plain model: the newest life that joined and did not leave is the one that is shown. */
    @RepeatedTest(200) // the repetition is the seed, so a failure can be run again
    void aBookNeverShowsAnOlderLifeThanThePresentOne(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Map<InstanceKey, Long> present = new HashMap<>();
        Map<InstanceKey, Long> ended = new HashMap<>();
        List<InstanceKey> keys = List.of(MAIN, key("mill", "rescue"), key("barn", "main"));
        long revision = book.revision().number();
        for (int step = 0; step < 200; step++) {
            InstanceKey key = keys.get(random.nextInt(keys.size()));
            long life = 1L + random.nextInt(6);
            long newest = present.getOrDefault(key, 0L);
            switch (random.nextInt(4)) {
                case 0 -> {
                    boolean refused =
                            book.objection(key, new Incarnation(life), now).isPresent();
                    assertThat(refused).isEqualTo(life < newest);
                    if (!refused) {
                        book.join(key, word(life), lease(key, life, step + 1), TERM, now);
                        present.put(key, life);
                        ended.remove(key);
                    }
                }
                case 1 -> {
                    Hearing hearing = book.hear(key, beat(life, step, GatewayState.RUNNING), now);
                    assertThat(hearing instanceof Hearing.Taken).isEqualTo(life == newest);
                }
                case 2 -> {
                    boolean news = life > ended.getOrDefault(key, 0L) && life >= newest;
                    assertThat(book.leave(key, new Incarnation(life), true, now))
                            .isEqualTo(news);
                    if (news) {
                        present.remove(key);
                        ended.put(key, life);
                    }
                }
                default -> pass(random.nextInt(100));
            }
            assertThat(book.revision().number()).isGreaterThanOrEqualTo(revision);
            revision = book.revision().number();
            assertThat(book.present(now)).isEqualTo(present.size());
        }
        List<String> shown = new ArrayList<>(
                present.keySet().stream().map(InstanceKey::toString).sorted().toList());
        assertThat(found(InstanceView::present)).isEqualTo(shown);
    }

    private List<String> found(Predicate<InstanceView> wanted) {
        return book.list(wanted, now).stream()
                .map(view -> view.key().toString())
                .toList();
    }

    private InstanceView view() {
        return book.find(MAIN, now).orElseThrow();
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
    }

    private static InstanceKey key(String host, String instance) {
        return new InstanceKey(new HostId(host), new InstanceId(instance));
    }

    private static RegisterInstance word(long incarnation) {
        return word(incarnation, Flavor.SIMULATED, Map.of());
    }

    private static RegisterInstance word(long incarnation, Flavor flavor, Map<String, String> labels) {
        HostFacts facts = HostFacts.bare(new PortSpace("boot", 1));
        return new RegisterInstance(
                new Incarnation(incarnation), flavor, null, "wide", WIDE, facts, null, null, null, null, labels);
    }

    private static Heartbeat beat(long incarnation, long sequence, GatewayState state) {
        return new Heartbeat(
                new Incarnation(incarnation),
                sequence,
                GuardState.HELD,
                lease(MAIN, incarnation, 1),
                new GatewayReport(state, 1, null, null, 0, null, sequence, null, List.of(), sequence),
                null);
    }

    private static Lease lease(InstanceKey key, long incarnation, long fence) {
        return new Lease(key, new Incarnation(incarnation), 20_000, WIDE, "wide", fence, LeaseState.OFFERED);
    }
}
