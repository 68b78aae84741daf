package io.gatefleet.cli.fleet;

import io.gatefleet.cli.text.Roles;
import io.gatefleet.cli.text.Wording;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a person should hear of an instance: the difference between two heartbeats, in words. Pure. */
final class Story {
    private Story() {}

    /** @param before null: this is the first word of the instance */
    static List<String> between(@Nullable Heartbeat before, Heartbeat now) {
        List<String> lines = new ArrayList<>();
        Lease lease = now.lease();
        if (before == null || before.lease().base() != lease.base()) {
            lines.add("lent %s, CDP %s".formatted(lease.ports(), cdp(lease)));
        }
        GatewayReport gateway = now.gateway();
        GatewayReport earlier = before == null ? null : before.gateway();
        DesiredState wanted = gateway.desired();
        DesiredState wantedBefore = earlier == null ? DesiredState.RUNNING : earlier.desired();
        if (wanted != null && !wanted.equals(wantedBefore)) {
            lines.add("an operator wants it " + spoken(wanted));
        }
        Set<String> known = earlier == null
                ? Set.of()
                : earlier.findings().stream().map(GatewayReport.Finding::code).collect(Collectors.toSet());
        List<String> findings = new ArrayList<>();
        for (GatewayReport.Finding finding : gateway.findings()) {
            if (!known.contains(finding.code())) {
                findings.add("%s: %s".formatted(finding.code(), finding.detail()));
            }
        }
        if (earlier == null || earlier.state() != gateway.state() || !Objects.equals(earlier.pid(), gateway.pid())) {
            lines.addAll(state(earlier, gateway, !findings.isEmpty()));
        } else if (gateway.state() == GatewayState.RUNNING && ready(earlier) != ready(gateway)) {
            lines.add(ready(gateway) ? "ready" : "runs, but is not ready" + because(gateway));
        }
        lines.addAll(findings);
        return lines;
    }

    /** Stopped, and nothing is going to change that. */
    static boolean isMeantToBeStopped(GatewayReport gateway) {
        DesiredState wanted = gateway.desired();
        return wanted != null && (wanted.run() != DesiredState.Run.RUNNING || wanted.cordoned());
    }

    private static String spoken(DesiredState wanted) {
        return wanted.run()
                + (wanted.cordoned() ? ", cordoned" : "")
                + (wanted.maintenance() ? ", in maintenance" : "");
    }

    static boolean ready(GatewayReport gateway) {
        GatewayReport.Probe probe = gateway.probe();
        return gateway.state() == GatewayState.RUNNING && probe != null && probe.ready();
    }

    /** As a table shows it. */
    static String state(GatewayReport gateway) {
        return ready(gateway) ? "ready" : gateway.state().toString();
    }

    static String cdp(Lease lease) {
        return Roles.browsers(lease).map(PortRange::toString).orElse("-");
    }

    /** @param explained a finding says more of it */
    private static List<String> state(@Nullable GatewayReport earlier, GatewayReport gateway, boolean explained) {
        String pid = gateway.pid() == null ? "" : " (pid " + gateway.pid() + ")";
        String ended = gateway.exitCode() == null ? "" : " with code " + gateway.exitCode();
        return switch (gateway.state()) {
            // The node says it before there is a process; then there is nothing to tell yet.
            case STARTING -> pid.isEmpty() ? List.of() : List.of("gateway starts" + pid);
            case RUNNING ->
                List.of(ready(gateway) ? "ready" + pid : "gateway runs" + pid + ", not ready yet" + because(gateway));
            case DRAINING -> List.of("gateway drains" + pid);
            case EXITED ->
                explained ? List.of() : List.of("gateway ended" + ended + " and is not started again; see its log");
            case BACKOFF ->
                explained ? List.of() : List.of("gateway ended" + ended + "; it is started again after a pause");
            case UNGUARDED -> List.of("gateway runs" + pid + " where its node cannot take the guard");
            case STOPPED -> earlier == null || earlier.pid() == null ? List.of() : List.of("gateway stopped");
        };
    }

    private static String because(GatewayReport gateway) {
        GatewayReport.Probe probe = gateway.probe();
        if (probe == null) {
            return "";
        }
        if (!probe.failing().isEmpty()) {
            return ": " + String.join(", ", probe.failing());
        }
        return probe.detail() == null ? "" : ": " + probe.detail();
    }

    /** How long something took, to a tenth of a second. */
    static String seconds(long millis) {
        return millis < 60_000 ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0) : Wording.time(millis);
    }
}
