package io.gatefleet.node.command;

import io.gatefleet.contract.lease.Lease;
import io.vertx.core.Future;
import java.util.Optional;

/** Where commands are done: what they need to know of the node. On the node's context. */
public interface Site {
    /** Where the gateway may be started now: a range that is guarded. */
    Optional<Lease> place();

    /** Why there is no such place, in one sentence. */
    String whyNoPlace();

    /** Whether a gateway runs, or is about to. */
    boolean gatewayAlive();

    /** Starts the gateway; fails with the reason. */
    Future<Void> run(Lease place);

    /** What is wanted has changed: the next heartbeat should say so, at once. */
    void changed();
}
