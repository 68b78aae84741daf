package io.gatefleet.node.gateway;

import io.vertx.core.Future;

/**
 * Asks a gateway how it is, in the protocol of its version: over HTTP since OpenClaw 2026.7.1. In older versions and in
 * Clawdbot every HTTP path is the web application's, with 200: those need one that speaks their WebSocket.
 */
interface Prober {
    /** @return never fails: what went wrong is in the answer */
    Future<Answer> ask(int port);
}
