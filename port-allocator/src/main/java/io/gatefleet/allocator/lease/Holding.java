package io.gatefleet.allocator.lease;

import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;

/**
 * A live lease with its beat counter. No time is stored: whoever sweeps remembers by its own clock when it first saw the
 * counter's value.
 *
 * @param beats grows with every renewal
 */
public record Holding(Lease lease, long beats) {
    InstanceId instance() {
        return lease.holder().instance();
    }

    Holding beaten(LeaseState state) {
        return new Holding(lease.state() == state ? lease : lease.in(state), beats + 1);
    }
}
