package io.gatefleet.cli.text;

import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.DoctorReport;
import io.gatefleet.doctor.DoctorReport.Entry;
import io.gatefleet.doctor.DoctorReport.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the doctor found, on a page. Commands are never wrapped: they are copied. */
public final class DoctorText {
    private static final int WIDTH = 80;

    private DoctorText() {}

    public static List<String> of(DoctorReport report, Ink ink) {
        List<String> lines = new ArrayList<>(Wording.wrap(summary(report), WIDTH));
        if (!report.gateways().isEmpty()) {
            lines.add("");
            lines.addAll(table(report.gateways(), ink));
        }
        for (Entry finding : report.findings()) {
            lines.add("");
            lines.addAll(finding(finding, ink));
        }
        if (!report.unseen().isEmpty()) {
            lines.add("");
            report.unseen().forEach(what -> lines.addAll(wrap("not seen: ", what)));
        }
        return lines;
    }

    private static String summary(DoctorReport report) {
        int gateways = report.gateways().size();
        if (gateways == 0 && report.findings().isEmpty()) {
            return "No gateway was found: no state directory, no unit, no process.";
        }
        String found = Wording.count(gateways, "gateway") + (gateways == 1 ? " was found: " : " were found: ");
        if (report.findings().isEmpty()) {
            return found + "nothing is wrong.";
        }
        return found
                + Stream.of("critical", "warning", "info")
                        .filter(severity -> count(report, severity) > 0)
                        .map(severity -> count(report, severity) + " " + severity)
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private static long count(DoctorReport report, String severity) {
        return report.findings().stream()
                .filter(finding -> finding.severity().equals(severity))
                .count();
    }

    private static List<String> table(List<Found> gateways, Ink ink) {
        Table table = new Table(ink, "GATEWAY", "VERSION", ">BASE", "PORTS NOW", "LATER", "RUNS");
        for (Found gateway : gateways) {
            PortSet now = PortSet.of(
                    gateway.now().stream().mapToInt(DoctorReport.Use::port).toArray());
            table.row(
                    printable(gateway.name()),
                    gateway.version() == null ? "?" : gateway.version(),
                    gateway.base(),
                    now,
                    gateway.later().isEmpty() ? "-" : gateway.later(),
                    (gateway.pid() == null ? "no" : "pid " + gateway.pid())
                            + (gateway.runsBy().equals("gatefleet") ? ", Gatefleet's" : ""));
        }
        return table.lines();
    }

    private static List<String> finding(Entry finding, Ink ink) {
        String severity = finding.severity();
        String sure = finding.certainty() == null || finding.certainty().equals("certain")
                ? ""
                : " (" + finding.certainty() + ")";
        List<String> lines = new ArrayList<>(
                wrap(severity + ": ", finding.code() + sure + ": " + String.join(", ", finding.subjects())));
        lines.set(0, ink.paint(tone(severity), severity) + lines.get(0).substring(severity.length()));
        lines.addAll(wrap("    ", finding.meaning()));
        finding.evidence().forEach(seen -> lines.addAll(wrap("    seen: ", seen)));
        finding.fix().forEach(command -> lines.add("    fix:  " + printable(command)));
        return lines;
    }

    private static Tone tone(String severity) {
        return switch (severity) {
            case "critical" -> Tone.BAD;
            case "warning" -> Tone.WARN;
            default -> Tone.PLAIN;
        };
    }

    private static List<String> wrap(String lead, String text) {
        return Wording.wrap(lead, printable(text), WIDTH);
    }

    /** A file's name may hold what a terminal obeys. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
