package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.Verdict.State;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlanceTest {
    private static final long TICK = 1_000_000_000L;
    private static final InstanceKey MAIN = Told.key("mill/main");
    private static final InstanceKey RESCUE = Told.key("mill/rescue");

    private long now = -3 * TICK;
    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), now);
    private long sequence;

    @Test
    void aWordThatSaysNothingNewIsNoReasonToLookAtEverybodyAgain() {
        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        Glance first = health.glance(now);

        now += TICK / 2;
        hear(Told.running(MAIN, ++sequence, Told.GOOD));

        assertThat(health.glance(now)).isSameAs(first);
    }

    @Test
    void whatHappenedIsSeenAtOnce() {
        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        assertThat(health.glance(now).problems()).isEmpty();

        hear(Told.beat(MAIN, 1, ++sequence, report(GatewayState.EXITED, 78, null, List.of())));
        assertThat(health.glance(now).summary().counts()).containsOnlyKeys(State.DOWN);
        assertThat(health.glance(now).problems())
                .extracting(ProblemReport::code)
                .containsExactly("config-refused");

        hear(Told.running(RESCUE, ++sequence, Told.GOOD));
        assertThat(health.glance(now).summary().instances()).isEqualTo(2);

        health.hear(new Departure(MAIN, new Incarnation(1), true), now);
        assertThat(health.glance(now).problems()).isEmpty();
        assertThat(health.glance(now).reasons()).containsEntry("ready", 1).containsEntry("config-refused", 0);
    }

    @Test
    void anotherProblemOfTheSameInstanceIsSeenAtOnce() {
        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        health.glance(now);

        hear(Told.beat(
                MAIN,
                1,
                ++sequence,
                report(GatewayState.RUNNING, null, Told.GOOD, List.of(Told.finding("orphaned-browser")))));

        assertThat(health.glance(now).problems())
                .extracting(ProblemReport::code)
                .containsExactly("orphaned-browser");
    }

    @Test
    void agesAreNoOlderThanATick() {
        hear(Told.beat(MAIN, 1, ++sequence, report(GatewayState.EXITED, 78, null, List.of())));
        long heard = now;
        health.glance(now);
        while (now - heard < 5 * TICK) {
            now += TICK / 4;
            long age = health.glance(now).problems().get(0).sinceMillisAgo();
            assertThat(age).isBetween((now - heard - TICK) / 1_000_000, (now - heard) / 1_000_000);
        }
    }

    @Test
    void aHostThatFallsSilentIsSeenAsThatWithTheTick() {
        hear(Told.running(MAIN, ++sequence, Told.GOOD));
        for (int second = 0; second < 40; second++) {
            now += TICK;
            health.tick(now, new ArrayList<>());
            health.glance(now);
        }

        assertThat(health.glance(now).hosts()).containsOnlyKeys(HostHealth.State.DOWN);
        assertThat(health.hosts()).singleElement().satisfies(host -> {
            assertThat(host.state()).isEqualTo(HostHealth.State.DOWN);
            assertThat(host.counts()).containsOnlyKeys(State.UNREACHABLE);
        });
    }

    private void hear(Beat beat) {
        health.hear(beat, now, new ArrayList<>());
    }
}
