package io.gatefleet.cli.text;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host's port space in the terminal: a map in which a wide gateway is three characters, or one port of the narrowest
 * lease one character; below it what stands where, in the order of ports. Reads without colour.
 */
public final class PortPicture {
    private static final int WIDTH = 80;
    /** Divisible by three, so that a row holds whole gateways. */
    private static final int CELLS = 63;

    private static final int WIDE = 111;
    private static final char FREE = '.';
    private static final char FOREIGN = '!';
    private static final char REST = '~';
    private static final char RESERVED = '#';
    private static final char KERNEL = 'k';
    private static final char OUTSIDE = ' ';
    private static final char SEVERAL = '+';

    private final PortMapView view;
    private final Ink ink;
    private final List<Stretch> stretches = new ArrayList<>();

    /** Ports with one owner. {@code whole}: as the owner has them, gaps and all. */
    private record Stretch(PortSet whole, char glyph, Tone tone, String who, String what) {}

    private PortPicture(PortMapView view, Ink ink) {
        this.view = view;
        this.ink = ink;
        collect();
    }

    public static List<String> draw(PortMapView view, Ink ink) {
        return new PortPicture(view, ink).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        int lent =
                view.leases().stream().mapToInt(lease -> lease.ports().size()).sum();
        lines.addAll(Wording.wrap(
                "",
                "Ports of %s: pool %s, %s; %d lent to %s, %d free."
                        .formatted(
                                view.host(),
                                view.pool(),
                                Wording.count(view.pool().size(), "port"),
                                lent,
                                Wording.count(view.leases().size(), "instance"),
                                view.free().size()),
                WIDTH));
        lines.add("");
        lines.addAll(map());
        lines.add("");
        lines.addAll(legend());
        lines.add("");
        lines.addAll(list());
        return lines;
    }

    // ---------------------------------------------------------------- what stands where

    private void collect() {
        List<Lease> leases = view.leases().stream()
                .sorted(Comparator.comparingInt(Lease::base))
                .toList();
        for (int i = 0; i < leases.size(); i++) {
            Lease lease = leases.get(i);
            char letter = (char) ('A' + i % 26);
            stretches.add(new Stretch(
                    lease.ports(), letter, Tone.GOOD, lease.holder().instance().value(), describe(lease)));
        }
        PortSet foreign = view.foreign();
        for (Listener listener : view.listeners()) {
            PortSet its = PortSet.of(listener.reach()).and(foreign);
            if (!its.isEmpty()) {
                foreign = foreign.minus(its);
                stretches.add(new Stretch(its, FOREIGN, Tone.BAD, "foreign", describe(listener, its)));
            }
        }
        for (PortRange range : foreign.ranges()) {
            stretches.add(new Stretch(
                    PortSet.of(range), FOREIGN, Tone.BAD, "foreign", "guarded by a node that has not spoken, or held"));
        }
        for (ReservationView reservation : view.reservations()) {
            stretches.add(new Stretch(
                    reservation.ports(),
                    RESERVED,
                    Tone.WARN,
                    reservation.name(),
                    "reserved" + (reservation.reason().isBlank() ? "" : ": " + reservation.reason())));
        }
        for (RestView rest : view.rests()) {
            String who = rest.formerHolder() == null
                    ? "-"
                    : rest.formerHolder().instance().value();
            stretches.add(new Stretch(rest.ports(), REST, Tone.WARN, who, describe(rest)));
        }
        for (PortRange range : view.kernel().ranges()) {
            stretches.add(new Stretch(
                    PortSet.of(range), KERNEL, Tone.FAINT, "kernel", "its ephemeral or reserved ports: never lent"));
        }
    }

    private static String describe(Lease lease) {
        List<String> parts = new ArrayList<>();
        String state = lease.state() == LeaseState.CONFIRMED ? "" : lease.state() + ": ";
        parts.add(state + "gateway " + lease.base());
        OptionalInt node = Roles.management(lease);
        if (node.isPresent()) {
            parts.add("node " + node.getAsInt());
        }
        Optional<PortRange> browsers = Roles.browsers(lease);
        browsers.ifPresent(range -> parts.add("browsers " + range));
        return String.join(", ", parts);
    }

    private static String describe(Listener listener, PortSet reach) {
        String who = listener.command() == null ? "a process without a name in /proc" : listener.command();
        boolean alone = reach.size() == 1 && reach.contains(listener.port());
        return who
                + (listener.pid() == null ? "" : ", pid " + listener.pid() + ",")
                + (alone
                        ? " listens here"
                        : " listens on " + listener.port() + "; if it is a gateway, these are its ports");
    }

    private static String describe(RestView rest) {
        String why =
                switch (rest.reason()) {
                    case RELEASED -> "was given back";
                    case LAPSED -> "its node fell silent";
                    case BUSY -> busy(rest);
                };
        return "rests %s more: %s".formatted(Wording.time(rest.remainingMillis()), why);
    }

    private static String busy(RestView rest) {
        if (rest.busy() == null || rest.busy().command() == null) {
            return "somebody was found there";
        }
        return rest.busy().command()
                + (rest.busy().pid() == null ? "" : " (pid " + rest.busy().pid() + ")")
                + (rest.ports().size() == 1
                        ? " was found here"
                        : " was found on " + rest.busy().port());
    }

    // ---------------------------------------------------------------- the map

    /** Ports in one character. */
    private int scale() {
        int narrowest = view.leases().stream()
                .mapToInt(lease -> lease.footprint().span())
                .min()
                .orElse(WIDE);
        return narrowest % 3 == 0 && narrowest >= 30 ? narrowest / 3 : narrowest;
    }

    private List<String> map() {
        List<String> lines = new ArrayList<>();
        int scale = scale();
        int rowPorts = scale * CELLS;
        int first = view.pool().lowest();
        int last = view.pool().highest();
        int alike = 0;
        String before = "";
        for (int from = first; from >= 0 && from <= last; from += rowPorts) {
            StringBuilder row = new StringBuilder();
            for (int cell = from; cell < from + rowPorts && cell <= last; cell += scale) {
                row.append(glyph(new PortRange(cell, Math.min(cell + scale - 1, last))));
            }
            String text = row.toString();
            boolean uniform = text.chars().distinct().count() == 1;
            if (uniform && text.equals(before) && from + rowPorts <= last) {
                alike++;
                continue;
            }
            if (alike > 0) {
                lines.add("      %s of the same".formatted(Wording.count(alike, "row")));
                alike = 0;
            }
            before = text;
            lines.add("%5d %s %d".formatted(from, paint(text), Math.min(from + rowPorts - 1, last)));
        }
        return lines;
    }

    private char glyph(PortRange range) {
        PortSet cell = PortSet.of(range).and(view.pool());
        if (cell.isEmpty()) {
            return OUTSIDE;
        }
        List<Stretch> here = stretches.stream()
                .filter(stretch -> stretch.whole().overlaps(cell))
                .toList();
        if (here.isEmpty()) {
            return FREE;
        }
        if (here.stream().anyMatch(stretch -> stretch.glyph() == FOREIGN)) {
            return FOREIGN;
        }
        char glyph = here.get(0).glyph();
        if (here.stream().anyMatch(stretch -> stretch.glyph() != glyph)
                || (here.size() > 1 && Character.isLetter(glyph) && glyph != KERNEL)) {
            return SEVERAL;
        }
        boolean whole = here.stream().anyMatch(stretch -> stretch.whole().containsAll(cell));
        return whole ? glyph : Character.toLowerCase(glyph);
    }

    private String paint(String row) {
        if (ink == Ink.BLACK) {
            return row;
        }
        StringBuilder painted = new StringBuilder();
        for (int i = 0; i < row.length(); ) {
            int end = i;
            while (end < row.length() && tone(row.charAt(end)) == tone(row.charAt(i))) {
                end++;
            }
            painted.append(ink.paint(tone(row.charAt(i)), row.substring(i, end)));
            i = end;
        }
        return painted.toString();
    }

    private static Tone tone(char glyph) {
        return switch (glyph) {
            case FREE, OUTSIDE, KERNEL -> Tone.FAINT;
            case FOREIGN -> Tone.BAD;
            case REST, RESERVED -> Tone.WARN;
            default -> Tone.GOOD;
        };
    }

    private List<String> legend() {
        int scale = scale();
        return List.of(
                "A character is %s: A-Z a lease (small: a part of it), + several, ~ rest,"
                        .formatted(Wording.count(scale, "port")),
                "# reserved, ! foreign, k the kernel's, . free.");
    }

    // ---------------------------------------------------------------- the list

    private List<String> list() {
        List<Stretch> all = new ArrayList<>(stretches);
        for (PortRange gap : view.free().ranges()) {
            int room = gap.width() / WIDE;
            all.add(new Stretch(
                    PortSet.of(gap),
                    FREE,
                    Tone.FAINT,
                    "free",
                    Wording.count(gap.width(), "port") + (room == 0 ? "" : ", room for " + room + " wide")));
        }
        all.sort(Comparator.comparingInt(stretch -> stretch.whole().lowest()));
        Table table = new Table(ink, " ", "PORTS", "WHO", "WHAT");
        for (Stretch stretch : all) {
            table.tonedRow(
                    stretch.tone(),
                    0,
                    stretch.glyph(),
                    cut(stretch.whole().toString(), 23),
                    cut(stretch.who(), 16),
                    stretch.what());
        }
        return table.fit(WIDTH).lines();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
