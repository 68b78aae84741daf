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
    private int width = Integer.MAX_VALUE;

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

    /** Lines no longer than that: the last column goes on below itself, in words of its own. */
    public Table fit(int columns) {
        width = columns;
        return this;
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines, heading first, without trailing blanks. */
    public List<String> lines() {
        int last = right.length - 1;
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        int before = 2 * last + Arrays.stream(widths).limit(last).sum();
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            List<String> row = rows.get(r);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(cell(r, i, row.get(i), widths[i])).append("  ");
            }
            List<String> parts = before + row.get(last).length() <= width
                    ? List.of(row.get(last))
                    : Wording.wrap(row.get(last), width - before);
            line.append(cell(r, last, parts.get(0), right[last] ? widths[last] : 0));
            String text = line.toString().stripTrailing();
            lines.add(r == 0 ? ink.paint(Tone.HEADING, text) : text);
            parts.stream().skip(1).forEach(part -> lines.add(" ".repeat(before) + part));
        }
        return lines;
    }

    private String cell(int row, int column, String text, int columnWidth) {
        String padding = " ".repeat(Math.max(0, columnWidth - text.length()));
        // Padded outside the colour: escape sequences have no width.
        String inked = row > 0 && column == tonedColumn ? ink.paint(tones.get(row), text) : text;
        return right[column] ? padding + inked : inked + padding;
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
