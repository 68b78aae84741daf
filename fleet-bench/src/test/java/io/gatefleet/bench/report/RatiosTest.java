package io.gatefleet.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatiosTest {
    private static Row row(String system, int servers, String durability, int callers, double perSecond, double p99) {
        String contender = system + "-" + servers + (durability.equals("no fsync") ? "-nofsync" : "");
        return new Row(
                contender, system, servers, durability, "50 hosts", callers, "acquire", 1_000, perSecond, 1, p99, 0, 0);
    }

    private static List<String> lines(Row... rows) {
        return Ratios.of(List.of(rows)).stream()
                .map(ratio -> "%s: %.2f".formatted(ratio.what(), ratio.times()))
                .toList();
    }

    @Test
    void moreInASecondAndALowerP99AreBothAboveOne() {
        assertThat(lines(row("gatefleet-http", 3, "memory", 64, 3_000, 5), row("etcd", 3, "fsync", 64, 1_000, 20)))
                .containsExactly(
                        "gatefleet-http-3 acquire, 64 callers on 50 hosts, ops/s over etcd-3: 3.00",
                        "gatefleet-http-3 acquire, 64 callers on 50 hosts, ops/s over the better, etcd-3: 3.00",
                        "gatefleet-http-3 acquire, 64 callers on 50 hosts, p99 under the better, etcd-3: 4.00");
    }

    @Test
    void theBetterIsTakenForEachQuestionByItself() {
        assertThat(lines(
                        row("gatefleet-bus", 1, "memory", 1, 1_000, 10),
                        row("zookeeper", 1, "no fsync", 1, 2_000, 40),
                        row("etcd", 1, "no fsync", 1, 500, 20)))
                .contains(
                        "gatefleet-bus-1 acquire, 1 caller on 50 hosts, ops/s over the better, zookeeper-1-nofsync: 0.50",
                        "gatefleet-bus-1 acquire, 1 caller on 50 hosts, p99 under the better, etcd-1-nofsync: 2.00");
    }

    @Test
    void otherNumbersOfServersOrCallersAreNotCompared() {
        assertThat(lines(
                        row("gatefleet-http", 3, "memory", 64, 3_000, 5),
                        row("etcd", 1, "fsync", 64, 1_000, 20),
                        row("etcd", 3, "fsync", 16, 1_000, 20)))
                .isEmpty();
    }
}
