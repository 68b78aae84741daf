package io.gatefleet.bench.report;

import java.util.List;
import java.util.Locale;

/** The table for people. */
public final class Text {
    private Text() {}

    /** One line for each row, under a head. */
    public static String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(
                "system           servers durability work      callers step         ops/s    p50 ms    p99 ms   cpu s/k   gen s/k");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-16s %7d %-10s %-9s %7d %-8s %9.0f %9.2f %9.2f %9.3f %9.3f",
                    row.system(),
                    row.servers(),
                    row.durability(),
                    row.scenario(),
                    row.callers(),
                    row.step(),
                    row.perSecond(),
                    row.p50Millis(),
                    row.p99Millis(),
                    row.serverCpu(),
                    row.generatorCpu()));
        }
        return text.toString();
    }
}
