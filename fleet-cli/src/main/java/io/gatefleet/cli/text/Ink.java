package io.gatefleet.cli.text;

/** Whether text is coloured. */
public enum Ink {
    BLACK,
    COLOUR;

    public String paint(Tone tone, String text) {
        return this == BLACK || tone.code().isEmpty() || text.isEmpty()
                ? text
                : "\u001b[" + tone.code() + "m" + text + "\u001b[0m";
    }
}
