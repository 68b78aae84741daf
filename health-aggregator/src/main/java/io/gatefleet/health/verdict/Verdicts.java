package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.lease.LeaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a single word of a node means. Knows nothing of words before it. */
final class Verdicts {
    /** OpenClaw's code for a configuration, a lock or a duplicate that no restart can mend. */
    static final int EXIT_CONFIGURATION = 78;

    /** A node's finding that says how the gateway ended last. */
    private static final String GATEWAY_EXITED = "gateway-exited";

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    /** In these the gateway is meant to work: what a node finds wrong is wrong with the gateway. */
    private static final Set<GatewayState> WORKING = EnumSet.of(GatewayState.RUNNING, GatewayState.UNGUARDED);

    private final Duration startGrace;

    Verdicts(Duration startGrace) {
        this.startGrace = startGrace;
    }

    /** @param ageMillis how long ago the word was said */
    Reading read(Heartbeat word, long ageMillis) {
        GatewayReport report = word.gateway();
        boolean working = WORKING.contains(report.state());
        List<Judgement> verdicts = new ArrayList<>();
        List<Judgement> remarks = new ArrayList<>();
        for (Finding finding : report.findings()) {
            if (finding.code().equals(GATEWAY_EXITED)) {
                // How it ended: part of what is said of the process.
                continue;
            }
            Judgement judgement = finding(finding, report.state());
            boolean harmless = judgement.state() == Verdict.State.READY;
            boolean decides = judgement.state() == Verdict.State.DOWN || (working && !harmless);
            (decides ? verdicts : remarks).add(judgement);
        }
        if (report.state() == GatewayState.UNGUARDED || (working && word.guard() == GuardState.MISSING)) {
            boolean said = report.findings().stream()
                    .anyMatch(finding -> finding.code().equals(Reason.UNGUARDED.code()));
            if (!said) {
                verdicts.add(Judgement.of(
                        Reason.UNGUARDED,
                        "The gateway runs, but its node does not hold the guard of its range (base %d)."
                                .formatted(word.lease().base())));
            }
        }
        if (word.lease().state() == LeaseState.REVOKED) {
            (working ? verdicts : remarks)
                    .add(Judgement.of(
                            Reason.LEASE_REVOKED,
                            "An operator took its lease %s back; the gateway still has it."
                                    .formatted(word.lease().fence())));
        }
        DesiredState desired = report.desired();
        if (desired != null && desired.cordoned() && report.state() != GatewayState.STOPPED) {
            remarks.add(Judgement.of(
                    Reason.CORDONED,
                    "Cordoned: once its gateway ends it is not started again, until it is uncordoned."));
        }
        return new Reading(process(report, ageMillis), verdicts, remarks);
    }

    private Judgement process(GatewayReport report, long ageMillis) {
        long forMillis = report.stateForMillis() + ageMillis;
        return switch (report.state()) {
            case STOPPED -> stopped(report.desired());
            case STARTING ->
                forMillis > startGrace.toMillis()
                        ? Judgement.of(
                                Reason.SLOW_START,
                                "Starting for %s and not ready yet.".formatted(Spoken.millis(forMillis)))
                        : Judgement.of(Reason.STARTING, "Starting for %s.".formatted(Spoken.millis(forMillis)));
            case DRAINING ->
                Judgement.of(Reason.DRAINING, "Finishing its work for %s.".formatted(Spoken.millis(forMillis)));
            case EXITED -> exited(report);
            case BACKOFF -> backoff(report);
            case RUNNING, UNGUARDED -> probed(report.probe());
        };
    }

    private static Judgement stopped(@Nullable DesiredState desired) {
        if (desired == null) {
            return Judgement.of(Reason.STOPPED, "Not running, and not meant to.");
        }
        return switch (desired.run()) {
            case DRAINED -> Judgement.of(Reason.DRAINED, "Drained and stopped, as an operator wanted.");
            case STOPPED -> Judgement.of(Reason.STOPPED, "Stopped, as an operator wanted.");
            case RUNNING ->
                desired.cordoned()
                        ? Judgement.of(Reason.CORDONED, "Not running, and not started while it is cordoned.")
                                .as(Verdict.State.MAINTENANCE)
                        : Judgement.of(Reason.STOPPED, "Not running, and not meant to.");
        };
    }

    private static Judgement exited(GatewayReport report) {
        Integer code = report.exitCode();
        String how = said(report, GATEWAY_EXITED);
        if (code != null && code == EXIT_CONFIGURATION) {
            return Judgement.of(
                    Reason.CONFIG_REFUSED,
                    "Configuration refused, or its state is held by another gateway. "
                            + (how.isEmpty() ? "Ended with exit code 78 and is not started again." : how));
        }
        return Judgement.of(
                Reason.PROCESS_EXITED,
                how.isEmpty() ? "Ended with %s and is not started again.".formatted(exit(code)) : how);
    }

    private static Judgement backoff(GatewayReport report) {
        String loop = said(report, Reason.CRASH_LOOP.code());
        String how = loop.isEmpty() ? said(report, GATEWAY_EXITED) : loop;
        String sentence =
                how.isEmpty() ? "Ended with %s and will be started again.".formatted(exit(report.exitCode())) : how;
        return Judgement.of(
                loop.isEmpty() ? Reason.BACKING_OFF : Reason.CRASH_LOOP,
                report.restarts() == 0 ? sentence : sentence + " Restarts so far: " + report.restarts() + ".");
    }

    /** What the node found under that code; empty if it did not. */
    private static String said(GatewayReport report, String code) {
        return report.findings().stream()
                .filter(finding -> finding.code().equals(code))
                .map(finding -> Spoken.sentence(Spoken.clean(finding.detail())))
                .findFirst()
                .orElse("");
    }

    private static Judgement probed(@Nullable Probe probe) {
        if (probe == null) {
            return Judgement.of(Reason.NOT_PROBED, "Runs; its node has not asked it yet.");
        }
        String detail = probe.detail() == null ? "" : " " + Spoken.clean(probe.detail());
        if (!probe.live()) {
            return Judgement.of(Reason.PROBE_FAILING, "Its process lives and does not answer." + detail);
        }
        if (!probe.ready()) {
            String parts = probe.failing().isEmpty()
                    ? "it does not say why"
                    : Spoken.clean(String.join(", ", probe.failing())) + " failing";
            return Judgement.of(Reason.NOT_READY, "Answers and is not ready: %s.%s".formatted(parts, detail));
        }
        return Judgement.of(Reason.READY, "Ready; answered in " + probe.tookMillis() + " ms.");
    }

    private static Judgement finding(Finding finding, GatewayState state) {
        Reason reason = Reason.of(finding.code());
        if (reason == Reason.FINDING) {
            boolean speakable = CODE.matcher(finding.code()).matches();
            return new Judgement(
                    reason,
                    reason.state(),
                    speakable ? finding.code() : reason.code(),
                    Spoken.clean(speakable ? finding.detail() : finding.code() + ": " + finding.detail()));
        }
        Judgement judgement = Judgement.of(reason, Spoken.sentence(Spoken.clean(finding.detail())));
        boolean works = WORKING.contains(state) || state == GatewayState.STARTING;
        // A gateway that runs, or is on its way, is not down for what keeps others from running.
        return works && (reason == Reason.GUARD_UNAVAILABLE || reason == Reason.CRASH_LOOP)
                ? judgement.as(Verdict.State.DEGRADED)
                : judgement;
    }

    private static String exit(@Nullable Integer code) {
        return code == null ? "an exit code that nobody saw" : String.format(Locale.ROOT, "exit code %d", code);
    }
}
