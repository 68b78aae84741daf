package io.gatefleet.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Small things said the same way everywhere. */
public final class Wording {
    private Wording() {}

    /** A length of time in one unit, cut off: {@code 850 ms}, {@code 12 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
    public static String time(long millis) {
        if (millis < 1_000) {
            return Math.max(0, millis) + " ms";
        }
        long seconds = millis / 1_000;
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3_600 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    /** {@code 1 port}, {@code 2 ports}. */
    public static String count(long number, String noun) {
        return number + " " + (number == 1 ? noun : noun + "s");
    }

    /** Mebibytes: {@code 118 MB}. */
    public static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%d MB", bytes >> 20);
    }

    /** Words in lines of at most {@code width} characters; a longer word stands alone. */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** {@link #wrap} with the first line led by {@code lead} and the others by as many blanks. */
    public static List<String> wrap(String lead, String text, int width) {
        List<String> lines = wrap(text, width - lead.length());
        List<String> led = new ArrayList<>();
        for (String line : lines) {
            led.add((led.isEmpty() ? lead : " ".repeat(lead.length())) + line);
        }
        return led;
    }
}
