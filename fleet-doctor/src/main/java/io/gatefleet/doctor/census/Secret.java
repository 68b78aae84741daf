package io.gatefleet.doctor.census;

/** What is known of a secret. Its value is nobody's business here. */
public enum Secret {
    ABSENT,
    /** The key is there and its text is empty or blank. */
    EMPTY,
    /** It stands elsewhere: a variable, a file, a secret store. */
    REFERENCE,
    PRESENT;

    /** Whether a gateway has something to ask its clients for. */
    public boolean usable() {
        return this == PRESENT || this == REFERENCE;
    }
}
