package io.gatefleet.cli.text;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.PortExplanation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has a port, and why: the allocator's sentence, then the facts behind it, then what one can do. */
public final class ExplanationText {
    private static final int WIDTH = 80;
    private static final int LABEL = 13;

    private ExplanationText() {}

    public static List<String> of(PortExplanation port) {
        List<String> lines = new ArrayList<>(Wording.wrap(port.sentence(), WIDTH));
        List<String> facts = facts(port);
        if (!facts.isEmpty()) {
            lines.add("");
            lines.addAll(facts);
        }
        String next = next(port);
        if (!next.isEmpty()) {
            lines.add("");
            lines.addAll(Wording.wrap(next, WIDTH));
        }
        return lines;
    }

    private static List<String> facts(PortExplanation port) {
        List<String> lines = new ArrayList<>();
        Lease lease = port.lease();
        if (lease != null) {
            fact(lines, "lease of", lease.holder().toString());
            if (port.role() != null) {
                fact(lines, "role", port.role());
            }
            fact(lines, "ports", "%s, base %d".formatted(lease.ports(), lease.base()));
            fact(lines, "layout", lease.layout());
            fact(lines, "state", lease.state().toString());
            fact(lines, "fence", "%d, incarnation %s".formatted(lease.fence(), lease.incarnation()));
        }
        if (port.rest() != null) {
            fact(lines, "at rest", port.rest().ports().toString());
            fact(lines, "for", Wording.time(port.rest().remainingMillis()) + " more");
            if (port.rest().formerHolder() != null) {
                fact(lines, "it was of", port.rest().formerHolder().toString());
            }
            if (port.rest().busy() != null) {
                fact(
                        lines,
                        "found there",
                        process(port.rest().busy().command(), port.rest().busy().pid()) + " on "
                                + port.rest().busy().protocol() + " "
                                + port.rest().busy().port());
            }
        }
        if (port.reservation() != null) {
            fact(
                    lines,
                    "reservation",
                    port.reservation().name() + " of " + port.reservation().ports());
            if (!port.reservation().reason().isBlank()) {
                fact(lines, "because", port.reservation().reason());
            }
        }
        if (port.listener() != null) {
            fact(
                    lines,
                    "listener",
                    process(port.listener().command(), port.listener().pid()) + " on "
                            + port.listener().address() + " port "
                            + port.listener().port());
        }
        return lines;
    }

    private static String process(@Nullable String command, @Nullable Integer pid) {
        String name = command == null ? "a process without a name in /proc" : command;
        return pid == null ? name : name + " (pid " + pid + ")";
    }

    private static void fact(List<String> lines, String label, String value) {
        lines.addAll(Wording.wrap("  " + label + " ".repeat(LABEL - label.length()), value, WIDTH));
    }

    private static String next(PortExplanation port) {
        return switch (port.use()) {
            case LEASE, FREE, KERNEL, GUARD -> "";
            case REST -> "It can be lent again when the rest ends; nothing is to be done.";
            case RESERVATION ->
                port.reservation() == null
                        ? ""
                        : "To give it back to the pool: ./gatefleet unreserve "
                                + port.reservation().name() + " --host " + port.host();
            case FOREIGN ->
                "To have it back, stop that process; to keep Gatefleet off it for good: ./gatefleet reserve NAME "
                        + port.port() + " --host " + port.host();
            case OUTSIDE_POOL -> "The pool is set where the allocator starts (--pool).";
        };
    }
}
