package io.gatefleet.node.gateway;

import io.gatefleet.contract.port.PortLayout;
import io.vertx.core.Vertx;

/** A gateway's program, as far as a node needs it: which version, which ports, and how an instance of it is made. */
public interface GatewayMaker {
    String version();

    /** Where it opens its ports. */
    PortLayout layout();

    /**
     * The gateway of one instance. Starts nothing and touches no file yet.
     *
     * @param layout the program's own, or the one that a gateway was started with which stands
     */
    Gateway make(Vertx vertx, PortLayout layout, InstanceHome home);
}
