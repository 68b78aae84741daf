package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictsTest {
    private static final InstanceKey MAIN = Told.key("mill/main");

    private final Verdicts verdicts = new Verdicts(Duration.ofMinutes(2));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what                               | process  | run     | cordoned | verdict     | reason          | remark
            runs, and nobody wants anything else | running  | running | false    | ready       | ready           |
            is cordoned and runs on              | running  | running | true     | ready       | ready           | cordoned
            is cordoned and ended                | exited   | running | true     | down        | process-exited  | cordoned
            is cordoned and was not started      | stopped  | running | true     | maintenance | cordoned        |
            is stopped                           | stopped  | stopped | false    | maintenance | stopped         |
            is stopped and cordoned              | stopped  | stopped | true     | maintenance | stopped         |
            is drained                           | stopped  | drained | false    | maintenance | drained         |
            is being drained                     | draining | drained | false    | draining    | draining        |
            is to start and does not yet         | stopped  | running | false    | maintenance | stopped         |
            """)
    void whatIsWantedIsAPartOfTheMeaning(
            String what,
            String process,
            String run,
            boolean cordoned,
            String state,
            String reason,
            @Nullable String remark) {
        GatewayState gateway = GatewayState.parse(process);
        DesiredState desired = new DesiredState(DesiredState.Run.parse(run), cordoned, false);
        GatewayReport report = Told.report(gateway, null, Told.GOOD, List.of()).as(gateway, desired);

        Reading reading = verdicts.read(Told.word(MAIN, 1, 1, GuardState.HELD, report), 0);

        assertThat(reading.process().state()).hasToString(state);
        assertThat(reading.process().code()).isEqualTo(reason);
        assertThat(reading.remarks())
                .extracting(Judgement::code)
                .containsExactlyElementsOf(remark == null ? List.of() : List.of(remark));
    }

    @ParameterizedTest(name = "{0}: {6}/{7}")
    @CsvSource(delimiter = '|', textBlock = """
            # what                               | process   | exit | guard   | probe    | findings            | verdict     | reason
            works                                | running   |      | held    | good     |                     | ready       | ready
            answers and is not ready             | running   |      | held    | notready |                     | degraded    | not-ready
            does not answer                      | running   |      | held    | dead     |                     | down        | probe-failing
            was not asked yet                    | running   |      | held    |          |                     | unknown     | not-probed
            starts                               | starting  |      | held    |          |                     | starting    | starting
            starts, its guard is not taken yet   | starting  |      | missing |          |                     | starting    | starting
            starts, and says it is not ready     | starting  |      | held    | notready |                     | starting    | starting
            finishes its work                    | draining  |      | held    | notready |                     | draining    | draining
            stopped on purpose                   | stopped   |      | held    |          |                     | maintenance | stopped
            stopped, an old exit code is left    | stopped   | 1    | missing |          |                     | maintenance | stopped
            refused its configuration            | exited    | 78   | held    |          |                     | down        | config-refused
            ended for good                       | exited    | 1    | held    |          |                     | down        | process-exited
            ended, nobody saw how                | exited    |      | held    |          |                     | down        | process-exited
            will be started again                | backoff   | 1    | held    | good     |                     | down        | backing-off
            will be started again, once more     | backoff   | 1    | held    |          | crash-loop          | down        | crash-loop
            starts, once more                    | starting  | 1    | held    |          | crash-loop          | starting    | starting
            runs, having crashed often           | running   | 1    | held    | good     | crash-loop          | degraded    | crash-loop
            runs without a guard                 | unguarded |      | missing | good     |                     | degraded    | unguarded
            runs, the guard was lost             | running   |      | missing | good     |                     | degraded    | unguarded
            runs without a guard and is dead     | unguarded |      | missing | dead     |                     | down        | probe-failing
            runs without a guard, by finding     | unguarded |      | missing | good     | unguarded           | degraded    | unguarded
            a stranger inside the lease          | running   |      | held    | good     | stranger-in-lease   | degraded    | stranger-in-lease
            listens outside its lease            | running   |      | held    | good     | port-outside-lease  | degraded    | port-outside-lease
            somebody else answers                | running   |      | held    | good     | wrong-gateway       | down        | wrong-gateway
            somebody else answers while it starts | starting |      | held    | dead     | wrong-gateway       | down        | wrong-gateway
            its configuration cannot be written  | exited    |      | held    |          | config-refused      | down        | config-refused
            cannot be started at all             | stopped   |      | held    |          | start-failed        | down        | start-failed
            another stands on its ports          | running   |      | held    | good     | claim-conflict      | degraded    | claim-conflict
            a process cannot be ended            | running   |      | held    | good     | unended-process     | degraded    | unended-process
            ended, and how                       | backoff   | 1    | held    |          | gateway-exited      | down        | backing-off
            ended once, works again              | running   | 1    | held    | good     | gateway-exited      | ready       | ready
            cannot be started for want of a guard | stopped  |      | missing |          | guard-unavailable   | down        | guard-unavailable
            not restarted for want of a guard    | backoff   |      | missing |          | guard-unavailable   | down        | guard-unavailable
            runs, the guard cannot be renewed    | running   |      | held    | good     | guard-unavailable   | degraded    | guard-unavailable
            a browser is left                    | running   |      | held    | good     | orphaned-browser    | ready       | ready
            a browser is left of a stopped one   | stopped   |      | held    |          | orphaned-browser    | maintenance | stopped
            trouble that is not known here       | running   |      | held    | good     | disk-full           | degraded    | disk-full
            trouble with a strange name          | running   |      | held    | good     | <b>                 | degraded    | finding
            the worst is said first              | running   |      | held    | notready | unended-process wrong-gateway stranger-in-lease | down | wrong-gateway
            of equally bad, what to do first     | running   |      | held    | notready | unended-process stranger-in-lease | degraded | stranger-in-lease
            """)
    void aWordMeans(
            String what,
            String process,
            @Nullable Integer exit,
            String guard,
            @Nullable String probe,
            @Nullable String findings,
            String verdict,
            String reason) {
        Reading reading = verdicts.read(word(process, exit, guard, probe, findings), 0);

        Judgement worst = reading.worst(reading.process());
        assertThat(worst.state()).isEqualTo(Verdict.State.parse(verdict));
        assertThat(worst.code()).isEqualTo(reason);
        assertThat(worst.sentence()).isNotBlank();
    }

    @Test
    void aStartMayTakeTwoMinutesAndNoMore() {
        Heartbeat word = word("starting", null, "held", null, null);

        assertThat(verdicts.read(word, 119_000).process().reason()).isEqualTo(Reason.STARTING);
        assertThat(verdicts.read(word, 119_001).process().reason()).isEqualTo(Reason.SLOW_START);
    }

    @Test
    void whatADecidedVerdictHidesIsStillRemarked() {
        Reading stopped = verdicts.read(word("stopped", null, "held", null, "orphaned-browser"), 0);

        assertThat(stopped.remarks()).extracting(Judgement::code).containsExactly("orphaned-browser");
    }

    @Test
    void aRevokedLeaseIsSaidWhileTheGatewayStillRuns() {
        Heartbeat running = word("running", null, "held", "good", null);
        Lease revoked = running.lease().in(LeaseState.REVOKED);
        Heartbeat word = new Heartbeat(
                running.incarnation(), running.sequence(), running.guard(), revoked, running.gateway(), null);
        Reading reading = verdicts.read(word, 0);

        assertThat(reading.worst(reading.process()).reason()).isEqualTo(Reason.LEASE_REVOKED);
    }

    @Test
    void sentencesCarryTheFactsAndNothingThatBreaksALine() {
        assertThat(verdicts.read(word("exited", 78, "held", null, null), 0)
                        .process()
                        .sentence())
                .startsWith("Configuration refused")
                .contains("78");
        assertThat(verdicts.read(word("exited", 1, "held", null, "gateway-exited"), 0)
                        .process()
                        .sentence())
                .isEqualTo("Pid 4711 (chromium) on port 18811");
        assertThat(verdicts.read(word("backoff", 1, "held", null, null), 0)
                        .process()
                        .sentence())
                .isEqualTo("Ended with exit code 1 and will be started again. Restarts so far: 2.");
        assertThat(verdicts.read(word("running", null, "held", "notready", null), 0)
                        .process()
                        .sentence())
                .contains("startup-sidecars");
        GatewayReport loud = Told.report(
                GatewayState.RUNNING,
                null,
                new Probe(false, false, List.of(), "line one\nline two\u001b[31m", 1),
                List.of(new Finding("stranger-in-lease", "x".repeat(500))));
        Reading reading = verdicts.read(Told.word(MAIN, 1, 1, GuardState.HELD, loud), 0);
        assertThat(reading.process().sentence()).contains("line one line two").doesNotContain("\n", "\u001b");
        assertThat(reading.verdicts().get(0).sentence()).hasSizeLessThan(410);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyProblemSaysWhatToDoAndEveryReasonHasAStableCode(Reason reason) {
        assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(Reason.of(reason.code())).isEqualTo(reason);
        assertThat(reason.title()).isNotBlank();
        assertThat(reason.severity().isPresent()).isEqualTo(!reason.next().isBlank());
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonIsDocumented(Reason reason) throws IOException {
        try (InputStream in = VerdictsTest.class.getResourceAsStream("/openapi/health-aggregator.yaml")) {
            String document = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String reasons = document.substring(document.indexOf("Of this version: "));
            assertThat(reasons.substring(0, reasons.indexOf("; or")).split("[,:]\\s+"))
                    .contains(reason.code());
        }
    }

    private static Heartbeat word(
            String process, @Nullable Integer exit, String guard, @Nullable String probe, @Nullable String findings) {
        Probe answer = probe == null
                ? null
                : switch (probe) {
                    case "good" -> Told.GOOD;
                    case "notready" -> Told.NOT_READY;
                    case "dead" -> Told.DEAD;
                    default -> throw new IllegalArgumentException(probe);
                };
        List<Finding> found = findings == null
                ? List.of()
                : Arrays.stream(findings.split(" ", -1)).map(Told::finding).toList();
        return Told.word(
                MAIN, 1, 1, GuardState.parse(guard), Told.report(GatewayState.parse(process), exit, answer, found));
    }
}
