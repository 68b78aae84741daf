package io.gatefleet.faults.page;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Probe;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words of a large fleet, most of it well: {@code host-0001/gate-01} and so on, which sort as they are counted. */
final class ManyGateways {
    static final int ON_A_HOST = 20;

    private static final Footprint WIDE = Footprint.contiguous(111);
    private static final int FIRST_BASE = 18_789;

    private ManyGateways() {}

    /** So many first words, of so many instances; a multiple of {@link #ON_A_HOST}. */
    static Stream<Beat> words(int count) {
        return IntStream.range(0, count).mapToObj(number -> word(number, 1, report(number)));
    }

    static InstanceKey key(int number) {
        return new InstanceKey(
                new HostId("host-%04d".formatted(number / ON_A_HOST)),
                new InstanceId("gate-%02d".formatted(number % ON_A_HOST)));
    }

    static Beat word(int number, long sequence, GatewayReport report) {
        InstanceKey key = key(number);
        Incarnation first = new Incarnation(1);
        Lease lease = new Lease(
                key,
                first,
                FIRST_BASE + number % ON_A_HOST * WIDE.size(),
                WIDE,
                "openclaw-2026.7.1-wide",
                number + 1L,
                LeaseState.CONFIRMED);
        return new Beat(
                key, Flavor.OPENCLAW, new Heartbeat(first, sequence, GuardState.HELD, lease, report, 90_000_000L));
    }

    /** Of every 500 one is down, one not ready and one starting. */
    private static GatewayReport report(int number) {
        return switch (number % 500) {
            case 7 -> report(GatewayState.EXITED, 78, null);
            case 101 -> report(GatewayState.RUNNING, null, new Probe(true, false, List.of("channels"), null, 4));
            case 202 -> report(GatewayState.STARTING, null, null);
            default -> ready();
        };
    }

    static GatewayReport ready() {
        return report(GatewayState.RUNNING, null, new Probe(true, true, List.of(), null, 4));
    }

    private static GatewayReport report(GatewayState state, @Nullable Integer exit, @Nullable Probe probe) {
        return new GatewayReport(state, 4711, "2026.9.6", "boot-1", 0, exit, 1000, probe, List.of(), 320_000_000L);
    }
}
