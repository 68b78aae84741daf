package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.LeaseRules;
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
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written down of decisions. */
class DecisionJournalTest {
    private static final HostId MILL = new HostId("mill");
    private static final InstanceKey MAIN = new InstanceKey(MILL, new InstanceId("main"));
    private static final Incarnation FIRST = new Incarnation(1);

    /** Room for one wide lease. */
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("20000-20110"), false, List.of(), 5, 30_000, 30_000, 5_000);

    private static final HostFacts FACTS = HostFacts.bare(new PortSpace("boot", 1));

    private final List<String> told = new ArrayList<>();
    private final LedgerStore store = new InMemoryLedgerStore((before, command, outcome) ->
            DecisionJournal.events(before, command, outcome).forEach(event -> told.add(text(event))));

    @Test
    void aLeaseIsGrantedConfirmedAndEnds() {
        Lease lease = acquire("main");
        renew(lease);
        renew(lease);
        store.apply(MILL, new Command.Release(new ReleaseLease(MAIN, FIRST, true)), RULES);

        assertThat(told)
                .containsExactly(
                        "granted main 20000-20110 by acquire",
                        "confirmed main 20000-20110 by renew",
                        "ended main 20000-20110 by release");
    }

    @Test
    void whatIsAskedAgainIsNotGrantedAgain() {
        acquire("main");
        acquire("main");

        assertThat(told).containsExactly("granted main 20000-20110 by acquire");
    }

    @Test
    void aRefusalNamesWhoGotNothingAndWhy() {
        acquire("main");
        store.apply(MILL, question("rescue"), RULES);

        assertThat(told).containsExactly("granted main 20000-20110 by acquire", "refused rescue pool-exhausted");
    }

    @Test
    void aLeaseThatLapsesOrIsRevokedIsSaid() {
        Lease lease = acquire("main");
        store.apply(MILL, new Command.Revoke(lease.fence()), RULES);
        store.apply(MILL, new Command.Lapse(MAIN.instance(), lease.fence(), 0), RULES);

        assertThat(told.subList(1, 3))
                .containsExactly("revoked main 20000-20110 by revoke", "ended main 20000-20110 by lapse");
    }

    private Lease acquire(String instance) {
        return ((LeaseReply.Granted)
                        store.apply(MILL, question(instance), RULES).result())
                .lease();
    }

    private void renew(Lease lease) {
        store.apply(MILL, new Command.Renew(new RenewLease(MAIN, FIRST, lease.fence(), GuardState.HELD)), RULES);
    }

    private static Command.Acquire question(String instance) {
        return new Command.Acquire(
                new AcquireLease(
                        new InstanceKey(MILL, new InstanceId(instance)),
                        FIRST,
                        "wide",
                        Footprint.contiguous(111),
                        FACTS,
                        null,
                        null),
                1);
    }

    private static String text(Event event) {
        if (event instanceof Event.Ledger ledger) {
            return "%s %s %s by %s"
                    .formatted(
                            ledger.change().name().toLowerCase(java.util.Locale.ROOT),
                            ledger.holder().instance(),
                            ledger.ports(),
                            ledger.by());
        }
        Event.Refused refused = (Event.Refused) event;
        return "refused %s %s".formatted(refused.holder().instance(), refused.code());
    }
}
