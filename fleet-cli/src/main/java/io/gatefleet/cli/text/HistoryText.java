package io.gatefleet.cli.text;

import io.gatefleet.history.check.HistoryCheck;
import io.gatefleet.history.check.Verdict;
import io.gatefleet.history.check.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a history proves. */
public final class HistoryText {
    private static final int WIDTH = 80;

    private HistoryText() {}

    /**
     * @param files that were read
     * @throws IOException if a line that proves something cannot be read again
     */
    public static List<String> of(Verdict verdict, int files, Ink ink) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("Read %s of %s by %s."
                .formatted(
                        Wording.count(verdict.lines(), "line"),
                        Wording.count(files, "journal"),
                        Wording.count(verdict.writers(), "writer")));
        lines.add("");
        for (Violation violation : verdict.violations()) {
            lines.addAll(Wording.wrap(violation.sentence(), WIDTH));
            for (var place : List.of(violation.earlier(), violation.later())) {
                lines.add("  " + place);
                lines.add("    " + HistoryCheck.text(place));
            }
            lines.add("");
        }
        for (String gap : verdict.gaps()) {
            lines.addAll(Wording.wrap("Not whole: " + gap + ".", WIDTH));
        }
        if (!verdict.gaps().isEmpty()) {
            lines.add("");
        }
        lines.add("  guards    %d taken in %s"
                .formatted(verdict.guards(), Wording.count(verdict.spaces(), "port space")));
        lines.add("  ledgers   %s granted, %d guarded; %s"
                .formatted(Wording.count(verdict.grants(), "lease"), verdict.guarded(), overlaps(verdict.overlaps())));
        lines.add("");
        lines.add(conclusion(verdict, ink));
        return lines;
    }

    private static String overlaps(Verdict.Overlaps overlaps) {
        if (overlaps.found() == 0) {
            return "no two overlapped";
        }
        String settled = overlaps.unsettled() == 0 ? "all settled" : overlaps.unsettled() + " not settled";
        return "%s, the longest %s, %s (first: %s)"
                .formatted(
                        Wording.count(overlaps.found(), "overlap"),
                        Wording.time(overlaps.longestMillis()),
                        settled,
                        overlaps.example());
    }

    private static String conclusion(Verdict verdict, Ink ink) {
        if (verdict.violated() > 0) {
            return ink.paint(
                    Tone.BAD,
                    "DISPROVED: %s. The first %d are shown."
                            .formatted(
                                    Wording.count(verdict.violated(), "violation"),
                                    verdict.violations().size()));
        }
        if (!verdict.gaps().isEmpty()) {
            return ink.paint(Tone.WARN, "NOT PROVEN: nothing was violated in what is left, but the history has gaps.");
        }
        if (verdict.guards() == 0) {
            return "Nothing to prove: no guard was taken.";
        }
        return ink.paint(Tone.GOOD, "PROVEN: no two guarded ranges overlapped, and fences only grew.");
    }
}
