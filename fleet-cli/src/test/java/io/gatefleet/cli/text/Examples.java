package io.gatefleet.cli.text;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;

/** Records that several tests show. */
final class Examples {
    static final HostId MILL = new HostId("mill");

    private Examples() {}

    static InstanceKey key(String instance) {
        return new InstanceKey(MILL, new InstanceId(instance));
    }

    static Lease wide(String instance, int base) {
        return lease(instance, base, Footprint.contiguous(111), "openclaw-2026.7.1-wide");
    }

    static Lease dense(String instance, int base) {
        return lease(instance, base, Footprint.contiguous(4), "openclaw-2026.7.1-dense");
    }

    private static Lease lease(String instance, int base, Footprint footprint, String layout) {
        return new Lease(key(instance), new Incarnation(3), base, footprint, layout, 41, LeaseState.CONFIRMED);
    }
}
