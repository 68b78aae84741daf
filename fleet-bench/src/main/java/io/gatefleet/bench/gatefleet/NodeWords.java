package io.gatefleet.bench.gatefleet;

import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
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
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.port.Footprint;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a node says, with a kernel that shows it nothing: the others that are measured know nothing of kernels. Every
 * registration is a new life of its instance.
 */
public final class NodeWords {
    private static final Footprint WIDE = Footprint.contiguous(Seat.WIDTH);
    private static final String LAYOUT = "openclaw-wide";

    private final AtomicLong lives = new AtomicLong();

    Incarnation newLife() {
        return new Incarnation(lives.incrementAndGet());
    }

    public static InstanceKey key(Seat seat) {
        return new InstanceKey(new HostId(seat.host()), new InstanceId(seat.instance()));
    }

    AcquireLease acquire(Seat seat) {
        return new AcquireLease(key(seat), newLife(), LAYOUT, WIDE, facts(seat), null, null);
    }

    public static RegisterInstance register(Seat seat, Incarnation life) {
        return new RegisterInstance(
                life,
                Flavor.SIMULATED,
                "2026.9.6",
                LAYOUT,
                WIDE,
                facts(seat),
                null,
                null,
                "127.0.0.1",
                4711L,
                Map.of());
    }

    /** All is well. */
    public static Heartbeat heartbeat(Lease lease, long sequence) {
        GatewayReport report = new GatewayReport(
                GatewayState.RUNNING,
                4712,
                "2026.9.6",
                "boot-1",
                0,
                null,
                1_500,
                new GatewayReport.Probe(true, true, List.of(), null, 3),
                List.of(),
                80_000_000L);
        return heartbeat(lease, sequence, report);
    }

    /** The gateway's process was killed, and its node waits before it starts another one. */
    public static Heartbeat death(Lease lease, long sequence) {
        GatewayReport report =
                new GatewayReport(GatewayState.BACKOFF, null, "2026.9.6", null, 1, 137, 0, null, List.of(), null);
        return heartbeat(lease, sequence, report);
    }

    private static Heartbeat heartbeat(Lease lease, long sequence, GatewayReport report) {
        return new Heartbeat(lease.incarnation(), sequence, GuardState.HELD, lease, report, 90_000_000L);
    }

    /** @throws IllegalStateException if it is no lease: in the benchmark every seat has room */
    static Grant granted(Seat seat, LeaseReply reply) {
        if (reply instanceof LeaseReply.Granted granted) {
            return new Grant(seat, granted.lease().base(), granted.lease());
        }
        throw new IllegalStateException(seat + ": " + reply);
    }

    /** @throws IllegalStateException if it is a refusal */
    static LeaseReply taken(LeaseReply reply) {
        if (reply instanceof LeaseReply.Refused refused) {
            throw new IllegalStateException(refused.refusal().detail());
        }
        return reply;
    }

    private static HostFacts facts(Seat seat) {
        return HostFacts.bare(new PortSpace("boot-of-" + seat.host(), 1));
    }
}
