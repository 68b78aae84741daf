package io.gatefleet.cli.text;

import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fleet's health on a page: a sentence, a row per instance, the problems with what to do. */
public final class StatusText {
    private static final int WIDTH = 80;
    /** A picture older than this is said to be old: nodes speak every five seconds. */
    private static final long FRESH_MILLIS = 15_000;

    private StatusText() {}

    public static List<String> of(FleetHealthView fleet, List<InstanceHealth> instances, Ink ink) {
        return of(fleet, instances, ink, true);
    }

    /** The same of a fleet that is watched: when each node was heard last is no event, and not shown. */
    public static List<String> live(FleetHealthView fleet, List<InstanceHealth> instances, Ink ink) {
        return of(fleet, instances, ink, false);
    }

    private static List<String> of(FleetHealthView fleet, List<InstanceHealth> instances, Ink ink, boolean heard) {
        List<String> lines = new ArrayList<>(Wording.wrap(fleet.sentence(), WIDTH));
        if (!instances.isEmpty()) {
            lines.add("");
            lines.addAll(table(instances, ink, heard));
        }
        for (ProblemReport problem : fleet.problems()) {
            lines.add("");
            lines.addAll(problem(problem, ink));
        }
        List<String> doubts = doubts(fleet);
        if (!doubts.isEmpty()) {
            lines.add("");
            lines.addAll(doubts);
        }
        return lines;
    }

    private static List<String> table(List<InstanceHealth> instances, Ink ink, boolean heard) {
        boolean oneHost = instances.stream()
                        .map(instance -> instance.key().host())
                        .distinct()
                        .count()
                == 1;
        List<String> headings =
                new ArrayList<>(List.of("INSTANCE", "VERDICT", "REASON", ">FOR", ">BASE", "BROWSERS", ">PID"));
        if (heard) {
            headings.add(">HEARD");
        }
        Table table = new Table(ink, headings.toArray(String[]::new));
        for (InstanceHealth instance : instances) {
            Lease lease = instance.lease();
            Verdict verdict = instance.verdict();
            List<Object> cells = new ArrayList<>(List.of(
                    oneHost ? instance.key().instance() : instance.key(),
                    verdict.state() + (instance.flapping() ? ", flaps" : ""),
                    verdict.reason(),
                    Wording.time(verdict.sinceMillisAgo()),
                    lease == null ? "-" : lease.base(),
                    lease == null
                            ? "-"
                            : Roles.browsers(lease).map(PortRange::toString).orElse("-"),
                    instance.gateway().pid() == null ? "-" : instance.gateway().pid()));
            if (heard) {
                cells.add(Wording.time(instance.node().heardMillisAgo()));
            }
            table.tonedRow(tone(verdict.state()), 1, cells.toArray());
        }
        return table.lines();
    }

    private static List<String> problem(ProblemReport problem, Ink ink) {
        String severity = problem.severity().name().toLowerCase(Locale.ROOT);
        String lead = severity + ": ";
        List<String> lines =
                new ArrayList<>(Wording.wrap(lead, problem.sentence() + " (" + problem.code() + ")", WIDTH));
        lines.set(
                0, ink.paint(tone(problem.severity()), severity) + lines.get(0).substring(severity.length()));
        lines.addAll(Wording.wrap("    next: ", problem.next(), WIDTH));
        return lines;
    }

    /** What makes the picture less than certain. */
    private static List<String> doubts(FleetHealthView fleet) {
        List<String> lines = new ArrayList<>();
        if (fleet.selfPreservation().on()) {
            lines.addAll(Wording.wrap(
                    "Self-preservation is on: " + fleet.selfPreservation().why(), WIDTH));
        }
        if (fleet.instances() > 0 && fleet.observer().pictureAgeMillis() > FRESH_MILLIS) {
            lines.addAll(Wording.wrap(
                    "The picture is old: nobody was heard for "
                            + Wording.time(fleet.observer().pictureAgeMillis()) + ".",
                    WIDTH));
        }
        return lines;
    }

    private static Tone tone(Severity severity) {
        return switch (severity) {
            case CRITICAL -> Tone.BAD;
            case WARNING -> Tone.WARN;
            case INFO -> Tone.FAINT;
        };
    }

    public static Tone tone(Verdict.State state) {
        return switch (state) {
            case READY -> Tone.GOOD;
            case STARTING, MAINTENANCE, DRAINING, UNKNOWN, DEGRADED -> Tone.WARN;
            case UNREACHABLE, DOWN -> Tone.BAD;
        };
    }
}
