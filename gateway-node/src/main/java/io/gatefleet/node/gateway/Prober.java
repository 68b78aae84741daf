package io.gatefleet.node.gateway;

import io.vertx.core.Future;

/**
 * Asks a gateway how it is, in the protocol of its version: over HTTP since OpenClaw 2026.7.1. In older versions, in
 * Clawdbot and in OmniClaw every HTTP path is the web application's: those are asked over their WebSocket.
 */
interface Prober {
    /**
     * @param identity whether to ask also who it is, where that is another question and takes a connection of its own
     * @return never fails: what went wrong is in the answer
     */
    Future<Answer> ask(int port, boolean identity);
}
