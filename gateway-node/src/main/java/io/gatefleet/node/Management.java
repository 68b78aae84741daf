package io.gatefleet.node;

import io.gatefleet.runtime.Protection;

/**
 * Where a node's management port listens, and whom it answers.
 *
 * @param host the address to listen on
 * @param protection of the listener
 */
public record Management(String host, Protection protection) {
    /** Everybody on this machine, and nobody else. */
    public static final Management LOOPBACK = new Management("127.0.0.1", Protection.NONE);
}
