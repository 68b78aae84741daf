package io.gatefleet.cli.text;

/** What a piece of text means to the reader. Never the only carrier of it: the words say the same. */
public enum Tone {
    PLAIN(""),
    GOOD("32"),
    WARN("33"),
    BAD("31"),
    HEADING("1"),
    FAINT("2");

    private final String code;

    Tone(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
