package io.gatefleet.cli;

/**
 * What was asked for cannot be done now, and it is no fault of the program. Becomes the message on standard error and the
 * exit code.
 */
public final class CannotGoOn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String next;

    /**
     * @param exitCode {@link Exit#NO} or {@link Exit#CANNOT_ASK}
     * @param what one sentence
     * @param next what to do about it; may be empty
     */
    public CannotGoOn(int exitCode, String what, String next) {
        super(what);
        this.exitCode = exitCode;
        this.next = next;
    }

    public int exitCode() {
        return exitCode;
    }

    public String next() {
        return next;
    }
}
