package io.gatefleet.health.verdict;

import java.util.regex.Pattern;

/** Durations and sentences as people say them. */
final class Spoken {
    private static final int LONGEST = 400;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Spoken() {}

    /** {@code 4 s}, {@code 3 min}, {@code 5 h}. */
    static String millis(long millis) {
        long seconds = millis / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    /** What a node sent, for people: no control characters, no novels. */
    static String clean(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    /** The same, beginning with a capital letter. */
    static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
