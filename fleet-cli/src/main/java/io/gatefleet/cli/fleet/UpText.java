package io.gatefleet.cli.fleet;

import io.gatefleet.cli.text.Ink;
import io.gatefleet.cli.text.Roles;
import io.gatefleet.cli.text.Table;
import io.gatefleet.cli.text.Tone;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What {@code up} says once the fleet stands: who is where, where to look, what to try. Pure. */
final class UpText {
    private UpText() {}

    /** @param word null: nothing was heard of it */
    record Row(InstanceId instance, Flavor flavor, @Nullable Heartbeat word) {}

    static List<String> ready(FleetPlan plan, FleetFile fleet, List<Row> rows, Ink ink) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(table(rows, ink));
        lines.add("");
        String home = plan.home().toString();
        Lease some = rows.stream()
                .map(Row::word)
                .filter(Objects::nonNull)
                .map(Heartbeat::lease)
                .findFirst()
                .orElse(null);
        int port = some == null
                ? plan.pool().lowest()
                : Roles.browsers(some).map(PortRange::first).orElse(some.base());
        Table look = new Table(Ink.BLACK, "Look   ", "./gatefleet status", "how the fleet is, and what to do first");
        look.row("", "./gatefleet explain " + port, "who has that port, and why");
        look.row("", "./gatefleet ports", "the whole port space, drawn");
        lines.addAll(look.lines());
        lines.add("Metrics  %s/metrics".formatted(fleet.registry()));
        lines.add("         %s/metrics".formatted(fleet.allocator()));
        lines.add("         %s/metrics".formatted(fleet.health()));
        for (Row row : rows) {
            OptionalInt node = row.word() == null
                    ? OptionalInt.empty()
                    : Roles.management(row.word().lease());
            if (node.isPresent()) {
                lines.add("         http://127.0.0.1:%d/metrics".formatted(node.getAsInt()));
            }
        }
        lines.add("Logs     %s/logs: up.log, %s"
                .formatted(
                        home,
                        String.join(
                                ", ",
                                rows.stream()
                                        .map(row -> row.instance() + ".log")
                                        .toList())));
        Integer pid = rows.stream()
                .map(Row::word)
                .filter(Objects::nonNull)
                .map(word -> word.gateway().pid())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        // The simulated gateway's command line is a small one.
        String words = rows.get(0).flavor() == Flavor.SIMULATED ? "status" : "--version";
        lines.add("Try      ./gatefleet exec %s -- %s".formatted(rows.get(0).instance(), words));
        if (pid != null) {
            lines.add("         kill -9 %d  and see it come back on the same ports".formatted(pid));
        }
        lines.add("Stop     Ctrl-C");
        lines.add("");
        return lines;
    }

    private static List<String> table(List<Row> rows, Ink ink) {
        Table table = new Table(ink, "INSTANCE", "FLAVOR", "STATE", ">BASE", "CDP", ">PID", "URL");
        for (Row row : rows) {
            Heartbeat word = row.word();
            if (word == null) {
                table.tonedRow(Tone.BAD, 2, row.instance(), row.flavor(), "silent", "-", "-", "-", "-");
                continue;
            }
            GatewayReport gateway = word.gateway();
            table.tonedRow(
                    Story.ready(gateway) ? Tone.GOOD : Tone.WARN,
                    2,
                    row.instance(),
                    row.flavor(),
                    Story.state(gateway),
                    word.lease().base(),
                    Story.cdp(word.lease()),
                    gateway.pid() == null ? "-" : gateway.pid(),
                    "http://127.0.0.1:" + word.lease().base());
        }
        return table.lines();
    }
}
