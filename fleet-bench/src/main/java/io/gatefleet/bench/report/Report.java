package io.gatefleet.bench.report;

import java.util.List;

/**
 * Everything that a run found out.
 *
 * @param machine what it ran on, in words
 * @param command how it was asked for
 * @param syncMillis how long this disk takes to keep 4 KiB
 * @param rows the table
 * @param ratios Gatefleet against the others
 * @param grants ranges that were lent, in all systems together
 * @param overlapping of those, how many had a port that was lent already: 0, or a system is broken
 * @param skipped what could not be measured, and why
 * @param failed what broke while it was measured
 */
public record Report(
        List<String> machine,
        String command,
        double syncMillis,
        List<Row> rows,
        List<Ratio> ratios,
        long grants,
        long overlapping,
        List<String> skipped,
        List<String> failed) {
    public Report {
        machine = List.copyOf(machine);
        rows = List.copyOf(rows);
        ratios = List.copyOf(ratios);
        skipped = List.copyOf(skipped);
        failed = List.copyOf(failed);
    }

    /** Nothing broke and nothing was lent twice. */
    public boolean isGood() {
        return failed.isEmpty() && overlapping == 0;
    }
}
