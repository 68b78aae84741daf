package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.host.HostId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The keys of problems are the order in which people are to deal with them. */
class ProblemOrderTest {
    private static final List<String> FIRST_THINGS_FIRST = List.of(
            "host-silent",
            "wrong-gateway",
            "stranger-in-lease",
            "node-silent",
            "config-refused",
            "crash-loop",
            "process-exited",
            "start-failed",
            "guard-unavailable",
            "probe-failing",
            "claim-conflict",
            "silence-held",
            "unguarded",
            "port-outside-lease",
            "backing-off",
            "lease-revoked",
            "flapping",
            "not-ready",
            "slow-start",
            "unended-process",
            "lease-mismatch",
            "finding",
            "orphaned-browser",
            "node-suspect",
            "cordoned");

    @RepeatedTest(20) // the repetition is the seed
    void whatToDoFirstComesFirst(RepetitionInfo run) {
        List<String> codes = new ArrayList<>(FIRST_THINGS_FIRST);
        Collections.shuffle(codes, new Random(run.getCurrentRepetition()));

        assertThat(codes.stream()
                        .map(ProblemOrderTest::report)
                        .map(Problems::key)
                        .sorted())
                .extracting(key -> key.replaceFirst("^\\d-\\d\\d-", "").replaceFirst("-(mill)?$", ""))
                .isEqualTo(FIRST_THINGS_FIRST);
    }

    @Test
    void everyReasonThatIsAProblemHasItsPlace() {
        assertThat(Stream.of(Reason.values())
                        .filter(reason -> reason.severity().isPresent())
                        .map(Reason::code))
                .containsExactlyInAnyOrderElementsOf(FIRST_THINGS_FIRST);
    }

    @Test
    void silentHostsAreProblemsOfTheirOwnAndEverythingElseIsOneForAll() {
        assertThat(Problems.key(report("host-silent", "barn")))
                .isNotEqualTo(Problems.key(report("host-silent", "mill")));
        assertThat(Problems.key(report("not-ready", "barn"))).isEqualTo(Problems.key(report("not-ready", "mill")));
    }

    private static ProblemReport report(String code) {
        return report(code, "mill");
    }

    private static ProblemReport report(String code, String host) {
        Severity severity = Reason.of(code).severity().orElseThrow();
        return new ProblemReport(severity, code, new HostId(host), "So it is.", "Do that.", List.of(), 1, 0);
    }
}
