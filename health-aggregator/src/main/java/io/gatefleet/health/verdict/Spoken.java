package io.gatefleet.health.verdict;

/** Durations and sentences as people say them. */
final class Spoken {
    private Spoken() {}

    /** {@code 4 s}, {@code 3 min}, {@code 5 h}. */
    static String millis(long millis) {
        long seconds = millis / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    /** The same, beginning with a capital letter. */
    static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
