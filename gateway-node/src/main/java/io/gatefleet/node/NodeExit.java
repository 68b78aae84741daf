package io.gatefleet.node;

import io.gatefleet.node.lease.Action;

/** The exit codes of a gateway-node, for whoever starts it. */
public final class NodeExit {
    /** Told to end, and ended in order. */
    public static final int DRAINED = 0;

    /** Could not start; the message says why. Starting it again may help. */
    public static final int FAILED = 1;

    /** An option cannot be used. Starting it again does not help. */
    public static final int USAGE = 2;

    /** Another node runs this instance in this home. Starting it again does not help while that one lives. */
    public static final int ALREADY_RUNNING = 75;

    /** A node in another home runs a newer life of this instance. Starting it again would end that one. */
    public static final int SUPERSEDED = 76;

    /** An operator took the lease back. Starting it again asks for another one. */
    public static final int REVOKED = 77;

    private NodeExit() {}

    static int of(Action.Ending ending) {
        return switch (ending) {
            case DRAINED -> DRAINED;
            case SUPERSEDED -> SUPERSEDED;
            case REVOKED -> REVOKED;
        };
    }
}
