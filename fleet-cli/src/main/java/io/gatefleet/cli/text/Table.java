package io.gatefleet.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns that line up, two blanks apart. Numbers that shall stand to the right go into columns marked {@code >}. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;
    private final Ink ink;
    private final List<Tone> tones = new ArrayList<>();
    private int tonedColumn = -1;

    /** @param headings a heading that starts with {@code >} makes a column that stands to the right */
    public Table(Ink ink, String... headings) {
        this.ink = ink;
        right = new boolean[headings.length];
        List<String> first = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            first.add(right[i] ? headings[i].substring(1) : headings[i]);
        }
        rows.add(first);
        tones.add(Tone.HEADING);
    }

    public Table row(Object... cells) {
        return tonedRow(Tone.PLAIN, -1, cells);
    }

    /** A row one cell of which has a tone; it must be the same column in all rows. */
    public Table tonedRow(Tone tone, int column, Object... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        tones.add(tone);
        if (column >= 0) {
            tonedColumn = column;
        }
        return this;
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines, heading first, without trailing blanks. */
    public List<String> lines() {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = rows.get(r).get(i);
                String padding = " ".repeat(widths[i] - cell.length());
                // Padded outside the colour: escape sequences have no width.
                String inked = r > 0 && i == tonedColumn ? ink.paint(tones.get(r), cell) : cell;
                line.append(i == 0 ? "" : "  ");
                line.append(right[i] ? padding + inked : inked + (i == widths.length - 1 ? "" : padding));
            }
            lines.add(
                    r == 0
                            ? ink.paint(Tone.HEADING, line.toString().stripTrailing())
                            : line.toString().stripTrailing());
        }
        return lines;
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
