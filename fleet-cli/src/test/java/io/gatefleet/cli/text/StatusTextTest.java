package io.gatefleet.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    @Test
    void aFleetThatIsWellIsASentenceAndARowPerInstance() {
        FleetHealthView fleet = fleet("All 2 gateways are ready.", List.of(), false, 800);

        assertThat(text(
                        fleet,
                        instance("main", Verdict.State.READY, "ready", 200_000, Examples.wide("main", 18789), 4711),
                        instance("rescue", Verdict.State.READY, "ready", 1_000, Examples.wide("rescue", 18900), 4712)))
                .isEqualTo("""
                All 2 gateways are ready.

                INSTANCE  VERDICT  REASON    FOR   BASE  BROWSERS      PID   HEARD
                main      ready    ready   3 min  18789  18800-18899  4711  400 ms
                rescue    ready    ready     1 s  18900  18911-19010  4712  400 ms""");
    }

    @Test
    void aProblemSaysWhatIsAndWhatToDo() {
        FleetHealthView fleet = fleet(
                "1 of 2 gateways is ready.",
                List.of(new ProblemReport(
                        Severity.CRITICAL,
                        "process-exited",
                        Examples.MILL,
                        "The gateway of rescue ended with code 78: its configuration is refused.",
                        "Read its log, mend the configuration, and start the instance again.",
                        List.of(Examples.key("rescue")),
                        1,
                        5_000)),
                false,
                800);

        assertThat(text(fleet, instance("rescue", Verdict.State.DOWN, "process-exited", 5_000, null, null)))
                .isEqualTo("""
                1 of 2 gateways is ready.

                INSTANCE  VERDICT  REASON          FOR  BASE  BROWSERS  PID   HEARD
                rescue    down     process-exited  5 s     -  -           -  400 ms

                critical: The gateway of rescue ended with code 78: its configuration is
                          refused. (process-exited)
                    next: Read its log, mend the configuration, and start the instance again.""");
    }

    @Test
    void doubtsAboutThePictureAreSaid() {
        assertThat(text(fleet("Well.", List.of(), true, 40_000)))
                .contains("Self-preservation is on: 3 of 4 fell silent at once")
                .contains("The picture is old: nobody was heard for 40 s.");
    }

    @Test
    void whatIsWatchedSaysNothingOfWhenEachNodeWasHeard() {
        InstanceHealth main = instance("main", Verdict.State.READY, "ready", 10, null, 42);

        assertThat(StatusText.live(fleet("Well.", List.of(), false, 1), List.of(main), Ink.BLACK))
                .anyMatch(line -> line.startsWith("INSTANCE") && line.endsWith("PID"))
                .anyMatch(line -> line.startsWith("main") && line.endsWith("42"));
    }

    @Test
    void hostsAreNamedWhereThereIsMoreThanOne() {
        InstanceHealth elsewhere = new InstanceHealth(
                new InstanceKey(new HostId("barn"), new InstanceId("main")),
                Flavor.SIMULATED,
                new Verdict(Verdict.State.READY, "ready", "It is ready.", 10),
                new InstanceHealth.NodeSignal(400, false, GuardState.HELD, null),
                GatewayReport.none(GatewayState.RUNNING),
                null,
                0,
                false,
                null);

        assertThat(text(
                        fleet("Well.", List.of(), false, 1),
                        elsewhere,
                        instance("main", Verdict.State.READY, "ready", 10, null, null)))
                .contains("barn/main", "mill/main");
    }

    private static FleetHealthView fleet(
            String sentence, List<ProblemReport> problems, boolean selfPreservation, long ageMillis) {
        return new FleetHealthView(
                sentence,
                2,
                1,
                Map.of(),
                problems,
                new FleetHealthView.SelfPreservation(selfPreservation, "3 of 4 fell silent at once"),
                new FleetHealthView.Observer(60_000, ageMillis, 1, 1));
    }

    private static InstanceHealth instance(
            String name,
            Verdict.State state,
            String reason,
            long sinceMillis,
            @Nullable Lease lease,
            @Nullable Integer pid) {
        return new InstanceHealth(
                Examples.key(name),
                Flavor.SIMULATED,
                new Verdict(state, reason, "So it is.", sinceMillis),
                new InstanceHealth.NodeSignal(400, false, GuardState.HELD, null),
                new GatewayReport(GatewayState.RUNNING, pid, null, null, 0, null, 1, null, List.of(), null),
                lease,
                0,
                false,
                null);
    }

    private static String text(FleetHealthView fleet, InstanceHealth... instances) {
        return String.join("\n", StatusText.of(fleet, List.of(instances), Ink.BLACK));
    }
}
