package io.gatefleet.cli.fleet;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes say, for tests. */
final class Words {
    private Words() {}

    static Heartbeat word(String instance, int base, GatewayReport gateway) {
        Lease lease = new Lease(
                new InstanceKey(new HostId("mill"), new InstanceId(instance)),
                new Incarnation(7),
                base,
                Footprint.contiguous(111),
                "simulated-wide",
                5,
                LeaseState.CONFIRMED);
        return new Heartbeat(new Incarnation(7), 1, GuardState.HELD, lease, gateway, null);
    }

    static GatewayReport gateway(GatewayState state, @Nullable Integer pid, @Nullable Boolean ready) {
        GatewayReport.Probe probe = ready == null
                ? null
                : new GatewayReport.Probe(true, ready, ready ? List.of() : List.of("channels"), null, 3);
        return new GatewayReport(state, pid, null, null, 0, null, 1, probe, List.of(), null);
    }

    static GatewayReport ended(GatewayState state, int exitCode) {
        return new GatewayReport(state, null, null, null, 1, exitCode, 1, null, List.of(), null);
    }

    static GatewayReport found(GatewayReport gateway, String code, String detail) {
        return new GatewayReport(
                gateway.state(),
                gateway.pid(),
                null,
                null,
                0,
                null,
                1,
                gateway.probe(),
                List.of(new GatewayReport.Finding(code, detail)),
                null);
    }
}
