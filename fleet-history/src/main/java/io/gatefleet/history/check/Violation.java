package io.gatefleet.history.check;

/**
 * A broken promise and the two lines that prove it.
 *
 * @param sentence for a person
 * @param later the line that could not stand beside the first
 */
public record Violation(Promise promise, String sentence, Place earlier, Place later) {
    /** What was promised. */
    public enum Promise {
        /** No two guarded ranges of a port space overlap. */
        EXCLUSIVE,
        /** On each port, the fences of those who guard it only grow. */
        FENCED
    }
}
