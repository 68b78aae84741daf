package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict.State;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators want, and requests that break off, in the picture of the fleet. */
class DesiredHealthTest {
    private static final InstanceKey MAIN = key("mill/main");
    private static final InstanceKey RESCUE = key("mill/rescue");
    private static final DesiredState MAINTENANCE = DesiredState.RUNNING.withMaintenance(true);
    private static final long MILLI = 1_000_000L;

    private long now = -7_000 * MILLI;
    private long sequence;

    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), now);
    private final List<Transition> changes = new ArrayList<>();

    private void hear(InstanceKey key, GatewayState state, @Nullable Probe probe, @Nullable DesiredState desired) {
        GatewayReport report = Told.report(state, null, probe, List.of()).as(state, desired);
        health.hear(Told.beat(key, 1, ++sequence, report), now, changes);
    }

    private void request(InstanceKey key, long incarnation, boolean open) {
        request(key, incarnation, "m", open);
    }

    private void request(InstanceKey key, long incarnation, String member, boolean open) {
        health.hear(new OpenRequest(key, new Incarnation(incarnation), member, open), now);
    }

    private void after(long millis) {
        long end = now + millis * MILLI;
        while (now < end) {
            now = Math.min(end, now + 1000 * MILLI);
            health.tick(now, changes);
        }
    }

    private InstanceHealth main() {
        return health.instance(MAIN, now).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(GatewayState.class)
    void inMaintenanceNothingIsAProblemWhateverTheGatewayDoes(GatewayState state) {
        hear(MAIN, state, Told.DEAD, MAINTENANCE);
        after(1000);

        assertThat(main().verdict().state()).isEqualTo(State.MAINTENANCE);
        assertThat(main().verdict().reason()).isEqualTo("in-maintenance");
        assertThat(health.problems(now)).isEmpty();
    }

    @Test
    void inMaintenanceTheSentenceSaysWhatIsWrongAllTheSame() {
        hear(MAIN, GatewayState.EXITED, null, MAINTENANCE);

        assertThat(main().verdict().sentence()).contains("In maintenance", "down", "not started again");
    }

    @Test
    void inMaintenanceANodeMayBeSilent() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, MAINTENANCE);
        hear(RESCUE, GatewayState.RUNNING, Told.GOOD, MAINTENANCE);
        after(120_000);

        assertThat(main().verdict().state()).isEqualTo(State.MAINTENANCE);
        assertThat(main().verdict().sentence()).contains("unreachable");
        assertThat(health.problems(now)).isEmpty();
        assertThat(health.glance(now).summary().selfPreservation().on()).isFalse();
    }

    @Test
    void afterMaintenanceWhatIsWrongIsAProblemAgain() {
        hear(MAIN, GatewayState.EXITED, null, MAINTENANCE);
        hear(MAIN, GatewayState.EXITED, null, DesiredState.RUNNING);

        assertThat(main().verdict().state()).isEqualTo(State.DOWN);
        assertThat(health.problems(now)).extracting(ProblemReport::code).containsExactly("process-exited");
        assertThat(main().flapping()).isFalse();
    }

    @Test
    void aCordonIsShownAndDisturbsNobody() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING.withCordon(true));

        assertThat(main().verdict().state()).isEqualTo(State.READY);
        assertThat(health.problems(now)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("cordoned");
            assertThat(problem.severity()).hasToString("INFO");
        });
    }

    @Test
    void whoseRequestBreaksOffIsSuspectAfterTwoSeconds() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        request(MAIN, 1, false);
        after(1_999);
        assertThat(main().node().suspect()).isFalse();
        after(1);

        assertThat(main().node().suspect()).isTrue();
        assertThat(main().verdict().reason()).isEqualTo("node-suspect");
        assertThat(main().verdict().sentence()).contains("broke off");
        after(20_000);
        assertThat(main().verdict().state()).as("no sooner unreachable").isEqualTo(State.UNKNOWN);
    }

    @Test
    void whoComesBackInTimeWasNeverSuspect() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        request(MAIN, 1, false);
        after(1_000);
        request(MAIN, 1, true);
        after(5_000);

        assertThat(main().verdict().state()).isEqualTo(State.READY);
        assertThat(changes).extracting(Transition::to).doesNotContain(State.UNKNOWN);
    }

    @Test
    void whoComesBackLateOrBeatsIsSuspectNoLonger() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        request(MAIN, 1, false);
        after(3_000);
        request(MAIN, 1, true);
        after(1_000);
        assertThat(main().verdict().state()).isEqualTo(State.READY);

        request(MAIN, 1, false);
        after(3_000);
        assertThat(main().verdict().state()).isEqualTo(State.UNKNOWN);
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        after(5_000);
        assertThat(main().verdict().state()).isEqualTo(State.READY);
    }

    @Test
    void whoWentToAnotherRegistryIsNotSuspectWhenTheFirstOneNoticesLate() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        request(MAIN, 1, "a", true);
        request(MAIN, 1, "b", true);
        request(MAIN, 1, "a", false);
        after(5_000);
        assertThat(main().verdict().state()).isEqualTo(State.READY);

        request(MAIN, 1, "b", false);
        after(3_000);
        assertThat(main().verdict().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void theRequestOfAnotherLifeSaysNothing() {
        hear(MAIN, GatewayState.RUNNING, Told.GOOD, DesiredState.RUNNING);
        request(MAIN, 2, false);
        request(RESCUE, 1, false);
        after(5_000);

        assertThat(main().verdict().state()).isEqualTo(State.READY);
    }
}
