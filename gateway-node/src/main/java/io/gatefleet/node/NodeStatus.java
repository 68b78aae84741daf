package io.gatefleet.node;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.lease.LeaseKeeper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a node is, at one moment.
 *
 * @param phase of its life
 * @param guard whether the guard of the whole lease is held
 * @param registered whether the control plane, when it was asked last, said that it knows where the node stands
 * @param lease where its gateway stands; null while it has no place
 * @param trouble what keeps it from its place, or null
 * @param gateway what it knows of its gateway
 * @param residentBytes of the node's own process; 0 while unknown
 */
public record NodeStatus(
        LeaseKeeper.Phase phase,
        GuardState guard,
        boolean registered,
        @Nullable Lease lease,
        @Nullable String trouble,
        GatewayReport gateway,
        long residentBytes) {
    /** Before anything happened. */
    static NodeStatus begun() {
        return new NodeStatus(
                LeaseKeeper.Phase.SEEKING,
                GuardState.MISSING,
                false,
                null,
                null,
                GatewayReport.none(GatewayState.STOPPED),
                0);
    }

    /** Why the instance cannot be used now; empty when it can. A silent control plane is no reason. */
    Optional<String> unready() {
        if (lease == null) {
            return Optional.of(trouble == null ? "no lease yet" : "no lease yet: " + trouble);
        }
        if (guard == GuardState.MISSING) {
            return Optional.of(trouble == null ? "the guard is not held" : trouble);
        }
        if (phase == LeaseKeeper.Phase.CLEARING) {
            return Optional.of("the node drains");
        }
        GatewayReport.Probe probe = gateway.probe();
        if (gateway.state() != GatewayState.RUNNING || probe == null || !probe.ready()) {
            return Optional.of("the gateway is " + gateway.state() + " and not ready");
        }
        return Optional.empty();
    }
}
