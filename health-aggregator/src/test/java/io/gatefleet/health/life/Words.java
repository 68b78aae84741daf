package io.gatefleet.health.life;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.port.Footprint;
import org.jspecify.annotations.Nullable;

/** What nodes of made-up hosts say. */
final class Words {
    static final Footprint WIDE = Footprint.contiguous(111);

    private Words() {}

    static InstanceKey key(String host, String instance) {
        return new InstanceKey(new HostId(host), new InstanceId(instance));
    }

    static HostFacts facts(InstanceKey key) {
        return HostFacts.bare(new PortSpace("boot-of-" + key.host(), 1));
    }

    static RegisterInstance join(InstanceKey key, long incarnation) {
        return join(key, incarnation, null, null);
    }

    static RegisterInstance join(
            InstanceKey key, long incarnation, @Nullable Claim claim, @Nullable Rejection rejected) {
        return new RegisterInstance(
                new Incarnation(incarnation),
                Flavor.SIMULATED,
                null,
                "simulated-wide",
                WIDE,
                facts(key),
                claim,
                rejected,
                null,
                null,
                null);
    }

    static Heartbeat beat(Lease lease, long sequence) {
        return new Heartbeat(
                lease.incarnation(), sequence, GuardState.HELD, lease, GatewayReport.none(GatewayState.RUNNING), null);
    }
}
