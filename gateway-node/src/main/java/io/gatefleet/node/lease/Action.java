package io.gatefleet.node.lease;

import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.port.Footprint;
import org.jspecify.annotations.Nullable;

/** What a {@link LeaseKeeper} wants done next. */
public sealed interface Action {
    /** Register; answered by one of the three {@code Register…} events. */
    record Register(
            Footprint footprint,
            String layout,
            @Nullable Claim claim,
            @Nullable Rejection rejected) implements Action {}

    /**
     * Take the guard of a range; answered by one of the three {@code Range…} events.
     *
     * @param occupied the node's own gateway stands there, so only the guard is wanted; otherwise every port must be
     *     free, and no neighbour's footprint may reach in
     */
    record Take(Lease lease, boolean occupied) implements Action {}

    /** Start the gateway in a range that is held. */
    record Run(Lease lease) implements Action {}

    /** Look after the gateway that stands there already. */
    record Adopt(Lease lease) implements Action {}

    /** Send a heartbeat; answered by one of the three {@code Beat…} events. */
    record Beat(Lease lease, GuardState guard) implements Action {}

    /** Write the lease to disk: where the next start begins. */
    record Remember(Lease lease) implements Action {}

    /** Stop the gateway; answered by {@link Event.GatewayStopped}. */
    record StopGateway(String why) implements Action {}

    /** Let go the guard. */
    record LetGo() implements Action {}

    /** Say goodbye; answered by {@link Event.Deregistered}. */
    record Deregister(boolean portsClosed) implements Action {}

    /** Come back with {@link Event.Woke}; replaces a wait that is still under way. */
    record Wait(long millis) implements Action {}

    /** End the node. */
    record Quit(Ending ending, String why) implements Action {}

    /** Why a node ends by itself. */
    enum Ending {
        /** It was told to, and did everything in order. */
        DRAINED,
        /** Another node runs a newer life of this instance, and this one has no gateway to look after. */
        SUPERSEDED,
        /** An operator took the lease back. */
        REVOKED
    }
}
