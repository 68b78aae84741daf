package io.gatefleet.cli.text;

import io.gatefleet.contract.port.LayoutFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The known layouts, a table each. */
public final class LayoutsText {
    private static final int WIDTH = 80;

    private LayoutsText() {}

    public static List<String> of(List<LayoutFamily> families, Ink ink) {
        List<String> lines = new ArrayList<>();
        for (LayoutFamily family : families) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(one(family, ink));
        }
        return lines;
    }

    private static List<String> one(LayoutFamily family, Ink ink) {
        List<String> lines = new ArrayList<>(Wording.wrap(
                "%s: %s%s; wide takes %d ports, dense %d with two browser profiles."
                        .formatted(
                                family.name(),
                                family.flavor(),
                                versions(family),
                                family.wideWidth(),
                                family.dense(2, Set.of()).footprint().size()),
                WIDTH));
        String name = family.name();
        lines.set(0, ink.paint(Tone.HEADING, name) + lines.get(0).substring(name.length()));
        Table table = new Table(ink, "  ROLE", "OFFSET", "BOUND", "WHAT");
        for (LayoutFamily.Role role : family.roles()) {
            int last = role.offset() + role.count() - 1;
            table.row(
                    "  " + role.role(),
                    "+" + role.offset() + (role.count() == 1 ? "" : ".." + last),
                    role.bound(),
                    role.note());
        }
        lines.addAll(table.lines());
        if (!family.extras().isEmpty()) {
            lines.addAll(Wording.wrap(
                    "  plugins: ",
                    String.join(
                            ", ",
                            family.extras().entrySet().stream()
                                    .map(extra -> extra.getKey() + " (else fixed on "
                                            + extra.getValue().fixedPort() + ")")
                                    .sorted()
                                    .toList()),
                    WIDTH));
        }
        lines.addAll(Wording.wrap("  source: ", family.source(), WIDTH));
        return lines;
    }

    private static String versions(LayoutFamily family) {
        if (family.from() == null && family.before() == null) {
            return ", every version";
        }
        String from = family.from() == null ? "the first" : family.from();
        return " from " + from + (family.before() == null ? " on" : " to before " + family.before());
    }
}
