package io.gatefleet.runtime.cluster;

/** A member that must not, or could not, join its cluster; the message says why and what to do. */
public final class CannotJoin extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotJoin(String message) {
        super(message);
    }

    CannotJoin(String message, Throwable cause) {
        super(message, cause);
    }
}
