package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.Outcome;

/** Hears of every decision, where it is made, in the order in which a host's are made. Must not wait. */
@FunctionalInterface
public interface DecisionLog {
    /** Nobody listens. */
    DecisionLog NONE = (before, command, outcome) -> {};

    void decided(HostLedger before, Command<?> command, Outcome<?> outcome);
}
