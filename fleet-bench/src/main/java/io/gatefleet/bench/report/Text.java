package io.gatefleet.bench.report;

import java.util.List;
import java.util.Locale;

/** What was measured, for people; scripts look for the lines that begin with {@code ratio}. */
public final class Text {
    private static final String STEPS = """
            What each does in a step, and why that is fair:
              gatefleet-http   acquire: PUT of a registration; renew: POST of a heartbeat; release: DELETE. Each is what a node says,
                               with the gateway's whole state; the registry asks the allocator on the bus and tells the other members.
              gatefleet-bus    the exchanges fleet.lease.acquire, renew and release, asked by a client that keeps no ledgers.
              etcd             acquire: lease grant, then a transaction that puts the key of a slot of 111 ports if it is absent (and else
                               brings back what is taken); renew: one keep-alive, which etcd neither writes nor replicates; release: revoke.
              zookeeper        acquire: create an ephemeral node for a slot; renew: a versioned write to it, since what a session renews
                               by itself, cheaply, is all of a client's nodes and no one lease; release: delete.
              For etcd and ZooKeeper a key for each slot is the fastest way that we know: one trip where the slot that the name
              hashes to is free. It can lend aligned ranges of one width only; Gatefleet lends any footprint, and keeps
              reservations, rests and what strangers hold out of it.
              Reference only:  echo: the generator's own limit over HTTP. bare-map: a counter in a map that is kept as the ledgers are,
                               and gatefleet-store: the ledgers, both asked by the generator as one of the members.
            Durability: etcd and ZooKeeper keep what they granted on disk (fsync), or would lose it with the machine (no fsync). Gatefleet
            keeps it in the memory of up to three members; when all of them are lost, the nodes bring it back.
            Servers and generator share the cores. cpu s/k and gen s/k are CPU seconds for 1000 answers, of all servers and of the generator.
            """;

    private Text() {}

    /** All of it. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        report.machine().forEach(line -> text.append(line).append('\n'));
        text.append(
                String.format(Locale.ROOT, "fsync of 4 KiB on this disk: %.3f ms (median)%n%n", report.syncMillis()));
        text.append(table(report.rows())).append("\n\n").append(STEPS).append('\n');
        report.ratios().forEach(ratio -> text.append(ratio).append('\n'));
        text.append(String.format(
                Locale.ROOT, "%nranges lent: %d, overlapping: %d%n", report.grants(), report.overlapping()));
        report.skipped().forEach(what -> text.append("SKIPPED ").append(what).append('\n'));
        report.failed().forEach(what -> text.append("FAILED ").append(what).append('\n'));
        return text.toString();
    }

    private static String table(List<Row> rows) {
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
