package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.watch.Change;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FleetChangesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InstanceKey MAIN = Told.key("mill/main");

    private final ChangeLog<FleetItem> log = new ChangeLog<>("a", 100_000);
    private long now = -7 * SECOND;
    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), now);
    private final FleetChanges changes = new FleetChanges(health, log);
    private final Map<String, FleetItem> copy = new TreeMap<>();
    private long read;
    private long sequence;

    @Test
    void aWordThatSaysNothingNewIsNoChange() {
        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        tick();
        assertThat(news()).containsExactly("instance/mill/main", "host/mill", "fleet");

        for (int i = 0; i < 30; i++) {
            hear(Told.running(MAIN, ++sequence, Told.GOOD));
            tick();
        }
        assertThat(news()).isEmpty();
    }

    @Test
    void aGatewayThatTakesLongToStartIsToldOfWhenItIsAProblemAndNotEverySecond() {
        for (int i = 0; i < 130; i++) {
            hear(Told.beat(MAIN, 1, ++sequence, report(GatewayState.STARTING, null, null, List.of())));
            tick();
        }

        assertThat(news().stream().filter(key -> key.equals("instance/mill/main")))
                .hasSize(1);
    }

    @Test
    void aProblemThatIsOverIsGone() {
        hear(Told.beat(MAIN, 1, ++sequence, report(GatewayState.EXITED, 78, null, List.of())));
        tick();
        follow();
        assertThat(copy.keySet()).anyMatch(key -> key.startsWith("problem/"));

        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        tick();
        follow();
        assertThat(copy.keySet()).noneMatch(key -> key.startsWith("problem/"));
    }

    /** Nodes that come, change, fall silent and go; whoever follows has what somebody is told who comes now. */
    @RepeatedTest(20) // the repetition is the seed
    void whoeverFollowsHasWhatASnapshotShows(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        for (int step = 0; step < 400; step++) {
            InstanceKey key = Told.key("h" + random.nextInt(3) + "/g" + random.nextInt(4));
            switch (random.nextInt(8)) {
                case 0 -> {
                    health.hear(new Departure(key, new Incarnation(1 + random.nextInt(3)), true), now);
                    changes.instance(key, now);
                }
                case 1 ->
                    hear(Told.beat(
                            key,
                            1 + random.nextInt(3),
                            ++sequence,
                            report(GatewayState.BACKOFF, 1, null, List.of(Told.finding("stranger-in-lease")))));
                case 2, 3 -> {
                    now += random.nextInt(12) * SECOND;
                    tick();
                }
                default ->
                    hear(Told.beat(
                            key,
                            1 + random.nextInt(3),
                            ++sequence,
                            report(
                                    GatewayState.RUNNING,
                                    null,
                                    random.nextBoolean() ? Told.GOOD : Told.DEAD,
                                    List.of())));
            }
        }
        tick();
        follow();

        Set<String> keys = new HashSet<>();
        for (WatchEvent<FleetItem> event : changes.snapshot(now)) {
            keys.add(event.key());
            assertThat(copy.get(event.key()))
                    .as(event.key())
                    .usingRecursiveComparison()
                    .ignoringFieldsMatchingRegexes(".*MillisAgo", ".*flapScore", ".*[sS]entence", ".*why", ".*Bytes")
                    .isEqualTo(event.item());
        }
        assertThat(copy.keySet()).isEqualTo(keys);
    }

    private void hear(Beat beat) {
        health.hear(beat, now, new ArrayList<>());
        changes.instance(beat.instance(), now);
    }

    private void tick() {
        now += SECOND;
        health.tick(now, new ArrayList<>()).forEach(key -> changes.instance(key, now));
        changes.settle(now);
    }

    private List<String> news() {
        List<String> keys = new ArrayList<>();
        for (Change<FleetItem> change = log.next(read); change != null; change = log.next(read)) {
            keys.add(change.key());
            read = change.number();
        }
        return keys;
    }

    private void follow() {
        for (Change<FleetItem> change = log.next(read); change != null; change = log.next(read)) {
            FleetItem after = change.after();
            if (after == null) {
                copy.remove(change.key());
            } else {
                copy.put(change.key(), after);
            }
            read = change.number();
        }
    }
}
