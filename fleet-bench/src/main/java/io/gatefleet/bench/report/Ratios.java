package io.gatefleet.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Gatefleet against the others with as many servers, at the same work with as many callers: answers per second, and how
 * late the last hundredth comes. Each other system counts with its default durability and with fsync off.
 */
public final class Ratios {
    private static final List<String> OURS = List.of("gatefleet-bus", "gatefleet-http");
    private static final List<String> OTHERS = List.of("zookeeper", "etcd");
    private static final List<String> STEPS = List.of("acquire", "renew");

    private final List<Row> rows;
    private final List<Ratio> ratios = new ArrayList<>();

    private Ratios(List<Row> rows) {
        this.rows = rows;
    }

    /** All that the rows allow. */
    public static List<Ratio> of(List<Row> rows) {
        Ratios ratios = new Ratios(rows);
        for (Row row : rows) {
            if (OURS.contains(row.system()) && STEPS.contains(row.step())) {
                ratios.compare(row);
            }
        }
        return List.copyOf(ratios.ratios);
    }

    private void compare(Row ours) {
        for (String system : OTHERS) {
            for (Row other : rows) {
                if (other.system().equals(system) && comparable(ours, other)) {
                    throughput(ours, other, "");
                }
            }
        }
        best(ours, Comparator.comparingDouble(Row::perSecond).reversed())
                .ifPresent(other -> throughput(ours, other, "the better, "));
        best(ours, Comparator.comparingDouble(Row::p99Millis))
                .ifPresent(other -> add(ours, other, "p99 under the better, "));
        limit(ours, "bare-map").ifPresent(limit -> throughput(ours, limit, "the limit "));
    }

    private void throughput(Row ours, Row other, String which) {
        add(ours, "ops/s over " + which + other.contender(), ours.perSecond() / other.perSecond());
    }

    private void add(Row ours, Row other, String which) {
        add(ours, which + other.contender(), other.p99Millis() / ours.p99Millis());
    }

    private void add(Row ours, String against, double times) {
        ratios.add(new Ratio(
                "%s %s, %d %s on %s, %s"
                        .formatted(
                                ours.contender(),
                                ours.step(),
                                ours.callers(),
                                ours.callers() == 1 ? "caller" : "callers",
                                ours.scenario(),
                                against),
                times));
    }

    private Optional<Row> best(Row ours, Comparator<Row> order) {
        return rows.stream()
                .filter(other -> OTHERS.contains(other.system()) && comparable(ours, other))
                .min(order);
    }

    private Optional<Row> limit(Row ours, String system) {
        return rows.stream()
                .filter(other -> other.system().equals(system) && comparable(ours, other))
                .findFirst();
    }

    private static boolean comparable(Row ours, Row other) {
        return ours.servers() == other.servers()
                && ours.scenario().equals(other.scenario())
                && ours.callers() == other.callers()
                && ours.step().equals(other.step());
    }
}
