package io.gatefleet.health.verdict;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nodes say, for tests. */
public final class Told {
    public static final Probe GOOD = new Probe(true, true, List.of(), null, 3);
    public static final Probe NOT_READY = new Probe(true, false, List.of("startup-sidecars"), null, 3);
    public static final Probe DEAD = new Probe(false, false, List.of(), "connection refused", 1);

    private Told() {}

    /** As a node says it that counts. */
    public static Probe dead(int badInARow) {
        return new Probe(false, false, List.of(), "connection refused", 1, badInARow);
    }

    public static InstanceKey key(String text) {
        String[] parts = text.split("/", -1);
        return new InstanceKey(new HostId(parts[0]), new InstanceId(parts[1]));
    }

    public static Beat beat(InstanceKey key, long incarnation, long sequence, GatewayReport report) {
        return new Beat(key, Flavor.SIMULATED, word(key, incarnation, sequence, GuardState.HELD, report));
    }

    public static Beat running(InstanceKey key, long sequence, @Nullable Probe probe) {
        return beat(key, 1, sequence, report(GatewayState.RUNNING, null, probe, List.of()));
    }

    public static Heartbeat word(
            InstanceKey key, long incarnation, long sequence, GuardState guard, GatewayReport report) {
        return new Heartbeat(
                new Incarnation(incarnation), sequence, guard, lease(key, incarnation), report, 90_000_000L);
    }

    public static Lease lease(InstanceKey key, long incarnation) {
        return new Lease(
                key,
                new Incarnation(incarnation),
                18_789,
                Footprint.contiguous(111),
                "openclaw-wide",
                5,
                LeaseState.CONFIRMED);
    }

    /** A registration with such labels, as a registry tells it. */
    public static Remembered remembered(InstanceKey key, long incarnation, Map<String, String> labels) {
        RegisterInstance word = new RegisterInstance(
                new Incarnation(incarnation),
                Flavor.SIMULATED,
                null,
                "openclaw-wide",
                Footprint.contiguous(111),
                HostFacts.bare(new PortSpace("boot", 1)),
                null,
                null,
                null,
                null,
                labels);
        return new Remembered(
                key, word, lease(key, incarnation), 30_000, -1, false, GatewayReport.none(GatewayState.STARTING), 0);
    }

    public static GatewayReport report(
            GatewayState state, @Nullable Integer exit, @Nullable Probe probe, List<Finding> findings) {
        return new GatewayReport(state, 42, "2026.9.6", "boot-1", 2, exit, 1000, probe, findings, 80_000_000L);
    }

    public static Finding finding(String code) {
        return new Finding(code, "pid 4711 (chromium) on port 18811");
    }
}
