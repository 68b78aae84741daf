package io.gatefleet.registry;

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
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nodes say, for tests. */
final class Words {
    static final InstanceKey MAIN = key("mill", "main");
    static final InstanceKey RESCUE = key("mill", "rescue");
    static final Footprint WIDE = Footprint.contiguous(111);

    private Words() {}

    static InstanceKey key(String host, String instance) {
        return new InstanceKey(new HostId(host), new InstanceId(instance));
    }

    static RegisterInstance join(long incarnation) {
        return join(incarnation, Flavor.SIMULATED, Map.of(), null);
    }

    static RegisterInstance join(long incarnation, Flavor flavor, Map<String, String> labels, @Nullable Claim claim) {
        return new RegisterInstance(
                new Incarnation(incarnation),
                flavor,
                "2026.9.6",
                "openclaw-wide",
                WIDE,
                HostFacts.bare(new PortSpace("5f1c6b0e-0000-4000-8000-000000000000", 4026531840L)),
                claim,
                null,
                "127.0.0.1",
                4711L,
                labels);
    }

    static Heartbeat beat(Lease lease, long sequence) {
        return beat(lease, sequence, GatewayState.RUNNING);
    }

    static Heartbeat beat(Lease lease, long sequence, GatewayState state) {
        GatewayReport report = new GatewayReport(
                state,
                4712,
                "2026.9.6",
                "boot-1",
                0,
                null,
                1500,
                new GatewayReport.Probe(true, true, List.of(), null, 3),
                List.of(),
                80_000_000L);
        return new Heartbeat(lease.incarnation(), sequence, GuardState.HELD, lease, report, 90_000_000L);
    }

    static Lease lease(InstanceKey key, long incarnation, long fence) {
        return new Lease(key, new Incarnation(incarnation), 18_789, WIDE, "openclaw-wide", fence, LeaseState.OFFERED);
    }
}
