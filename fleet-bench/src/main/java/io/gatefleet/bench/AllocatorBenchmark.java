package io.gatefleet.bench;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.Holding;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.lease.Outcome;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision of the allocator for a host that is so full already: from the ledger before to the ledger after. The
 * holes are scattered, and the facts carry every guard, as a real host's do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllocatorBenchmark {
    private static final HostId HOST = new HostId("mill");
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000);

    /** Of the gateways that fit, in percent. */
    @Param({"0", "50", "90", "99"})
    private int full;

    /** 111 ports each, 125 of them; or 4 each, 3494 of them. */
    @Param({"wide", "dense"})
    private String layout = "";

    private HostLedger ledger = HostLedger.empty(HOST);
    private @Nullable Command<LeaseReply> acquire;
    private @Nullable Command<LeaseReply> renew;

    @Setup
    public void fill() {
        Footprint footprint = Footprint.contiguous(layout.equals("wide") ? 111 : 4);
        ledger = HostLedger.empty(HOST);
        List<Integer> instances = new ArrayList<>();
        while (acquire("i" + instances.size(), footprint, PortSet.EMPTY)
                        .on(ledger, RULES)
                        .reply()
                instanceof LeaseReply.Granted) {
            String instance = "i" + instances.size();
            ledger = acquire(instance, footprint, PortSet.EMPTY)
                    .on(ledger, RULES)
                    .ledger();
            ledger = renewal(lease(instance)).on(ledger, RULES).ledger();
            instances.add(instances.size());
        }
        Collections.shuffle(instances, new Random(1));
        int holes = Math.max(1, instances.size() * (100 - full) / 100);
        for (int i = 0; i < holes; i++) {
            Lease lease = lease("i" + instances.get(i));
            ledger = new Command.Release(new ReleaseLease(lease.holder(), lease.incarnation(), true))
                    .on(ledger, RULES)
                    .ledger();
        }
        PortSet guards = PortSet.EMPTY;
        for (Holding holding : ledger.holdings()) {
            guards = guards.plus(holding.lease().ports());
        }
        acquire = acquire("newcomer", footprint, guards);
        // The one who renews beside them all, so that an empty host has somebody, too.
        Lease last = lease(
                ledger.holdings().isEmpty()
                        ? grantOne(footprint)
                        : ledger.holdings()
                                .get(ledger.holdings().size() / 2)
                                .lease()
                                .holder()
                                .instance()
                                .value());
        renew = renewal(last);
    }

    /** A newcomer asks for ports. */
    @Benchmark
    public Outcome<LeaseReply> acquire() {
        return Objects.requireNonNull(acquire).on(ledger, RULES);
    }

    /** A heartbeat keeps a lease. */
    @Benchmark
    public Outcome<LeaseReply> renew() {
        return Objects.requireNonNull(renew).on(ledger, RULES);
    }

    private String grantOne(Footprint footprint) {
        ledger = acquire("only", footprint, PortSet.EMPTY).on(ledger, RULES).ledger();
        return "only";
    }

    private Lease lease(String instance) {
        return ledger.holding(new InstanceId(instance)).orElseThrow().lease();
    }

    private static Command<LeaseReply> acquire(String instance, Footprint footprint, PortSet guards) {
        HostFacts facts = new HostFacts(
                new PortSpace("boot", 1), List.of(), guards, new PortRange(32_768, 60_999), PortSet.EMPTY, false);
        AcquireLease question = new AcquireLease(
                new InstanceKey(HOST, new InstanceId(instance)),
                new Incarnation(1),
                "openclaw-2026.7.1-wide",
                footprint,
                facts,
                null,
                null);
        return new Command.Acquire(question, 1_795_000_000L);
    }

    private static Command<LeaseReply> renewal(Lease lease) {
        return new Command.Renew(new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD));
    }
}
