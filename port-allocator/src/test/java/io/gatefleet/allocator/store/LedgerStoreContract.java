package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.BadInput;
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
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of ledgers does; each one has a test class of its own that extends this. */
public abstract class LedgerStoreContract {
    private static final HostId MILL = new HostId("mill");
    private static final HostId BARN = new HostId("barn");
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000);
    private static final HostFacts FACTS = HostFacts.bare(new PortSpace("boot", 1));

    private LedgerStore store = new InMemoryLedgerStore();

    /** A new store without a ledger. */
    protected abstract LedgerStore empty();

    /** The hosts that each member of the store sweeps; its own only, where it is the only one. */
    protected List<Set<HostId>> swept() throws Exception {
        return List.of(await(store.sweptHere()));
    }

    @BeforeEach
    void begin() {
        store = empty();
    }

    @Test
    void aHostThatNobodySpokeOfHasAnEmptyLedgerAndIsNotListed() throws Exception {
        assertThat(await(store.read(MILL))).isEqualTo(HostLedger.empty(MILL));
        assertThat(await(store.hosts())).isEmpty();
    }

    @Test
    void aCommandsOutcomeIsKept() throws Exception {
        Lease lease = lease(acquire(MILL, "main"));

        HostLedger ledger = await(store.read(MILL));

        assertThat(ledger.holding(lease.fence())).isPresent();
        assertThat(await(store.hosts())).containsExactly(MILL);
    }

    @Test
    void everyHostIsSweptByOneMember() throws Exception {
        Set<HostId> hosts = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            HostId host = new HostId("mill-" + i);
            acquire(host, "main");
            hosts.add(host);
        }

        assertThat(swept().stream().flatMap(Set::stream)).containsExactlyInAnyOrderElementsOf(hosts);
    }

    @Test
    void theNextCommandSeesTheOneBefore() throws Exception {
        Lease lease = lease(acquire(MILL, "main"));

        LeaseReply reply = await(store.apply(
                MILL,
                new Command.Renew(new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD)),
                RULES));

        assertThat(lease(reply).state()).isEqualTo(LeaseState.CONFIRMED);
        assertThat(lease(acquire(MILL, "main"))).isEqualTo(lease.in(LeaseState.CONFIRMED));
    }

    @Test
    void hostsDoNotTouchEachOther() throws Exception {
        Lease here = lease(acquire(MILL, "main"));
        Lease there = lease(acquire(BARN, "main"));

        assertThat(there.base()).isEqualTo(here.base());
        assertThat(await(store.hosts())).containsExactlyInAnyOrder(MILL, BARN);
    }

    @Test
    void aCommandThatIsNotMeantForTheLedgerLeavesItAsItWas() throws Exception {
        acquire(MILL, "main");
        HostLedger before = await(store.read(MILL));

        assertThatThrownBy(() -> await(store.apply(MILL, new Command.Acquire(question(BARN, "main"), 1), RULES)))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("holder.host"));

        assertThat(await(store.read(MILL))).isEqualTo(before);
    }

    @Test
    void oneThatIsNotMeantForTheLedgerHurtsNobodyBesideIt() throws Exception {
        List<Future<LeaseReply>> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            HostId holders = i % 3 == 1 ? BARN : MILL;
            asked.add(store.apply(MILL, new Command.Acquire(question(holders, "i" + i), 1), RULES));
        }

        BitSet lent = new BitSet();
        for (int i = 0; i < asked.size(); i++) {
            Future<LeaseReply> answer = asked.get(i);
            if (i % 3 == 1) {
                assertThatThrownBy(() -> await(answer)).isInstanceOf(BadInput.class);
            } else {
                PortSet ports = lease(await(answer)).ports();
                assertThat(lent.intersects(ports.bits())).isFalse();
                lent.or(ports.bits());
            }
        }
        assertThat(lent.cardinality()).isEqualTo(20 * 111);
    }

    @Test
    void whatOneCallerAsksOfAHostIsDoneInItsOrder() throws Exception {
        List<Future<LeaseReply>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(store.apply(MILL, new Command.Acquire(question(MILL, "i" + i), 1), RULES));
        }

        for (int i = 0; i < asked.size(); i++) {
            assertThat(lease(await(asked.get(i))).base()).isEqualTo(18_789 + 111 * i);
        }
    }

    @Test
    void aCommandThatChangesNothingMakesNoHostKnown() throws Exception {
        assertThat(await(store.apply(MILL, new Command.Revoke(5), RULES))).isFalse();

        assertThat(await(store.hosts())).isEmpty();
    }

    @Test
    void commandsFromManyThreadsAreDoneOneAfterTheOther() throws Exception {
        int callers = 8;
        int each = 15;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<java.util.concurrent.Future<List<Lease>>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                String prefix = "i" + caller + "-";
                running.add(threads.submit(() -> {
                    List<Lease> leases = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        leases.add(lease(acquire(MILL, prefix + i)));
                    }
                    return leases;
                }));
            }
            BitSet lent = new BitSet();
            for (java.util.concurrent.Future<List<Lease>> done : running) {
                for (Lease lease : done.get(30, TimeUnit.SECONDS)) {
                    assertThat(lent.intersects(lease.ports().bits())).isFalse();
                    lent.or(lease.ports().bits());
                }
            }
            assertThat(lent.cardinality()).isEqualTo(callers * each * 111);
            assertThat(lent.nextClearBit(18_789)).as("packed without a gap").isEqualTo(18_789 + callers * each * 111);
        } finally {
            threads.shutdownNow();
        }
    }

    private LeaseReply acquire(HostId host, String instance) throws TimeoutException {
        return await(store.apply(host, new Command.Acquire(question(host, instance), 1_795_000_000L), RULES));
    }

    private static AcquireLease question(HostId host, String instance) {
        return new AcquireLease(
                new InstanceKey(host, new InstanceId(instance)),
                new Incarnation(1),
                "openclaw-2026.7.1-wide",
                Footprint.contiguous(111),
                FACTS,
                null,
                null);
    }

    private static Lease lease(LeaseReply reply) {
        return ((LeaseReply.Granted) reply).lease();
    }

    static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
