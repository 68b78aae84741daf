package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.map.EntryProcessor;
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
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTaskTest {
    private static final HostId MILL = new HostId("mill");
    private static final HostId BARN = new HostId("barn");
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000);

    private final Map.Entry<String, @Nullable StoredLedger> mill = new SimpleEntry<>("mill", null);
    private final Map.Entry<String, @Nullable StoredLedger> copy = new SimpleEntry<>("mill", null);

    @Test
    void commandsOfOneHostAreDoneInTheirOrderEachOnTheOutcomeOfTheOneBefore() {
        LedgerTask task = new LedgerTask();
        List<String> heard = new ArrayList<>();
        task.hear((before, command, outcome) ->
                heard.add(before.holdings().size() + " " + command.getClass().getSimpleName()));
        task.add(MILL, acquire(MILL, "main"), RULES);
        task.add(MILL, acquire(MILL, "rescue"), RULES);
        task.add(MILL, acquire(MILL, "main"), RULES);

        List<LedgerAnswer> said = run(task, mill);

        assertThat(heard).containsExactly("0 Acquire", "1 Acquire", "2 Acquire");
        assertThat(lease(said.get(0)).base()).isEqualTo(18_789);
        assertThat(lease(said.get(1)).base()).isEqualTo(18_900);
        assertThat(lease(said.get(2))).isEqualTo(lease(said.get(0)));
    }

    @Test
    void aBadCommandIsTakenOutAndThoseBesideItAreDone() {
        LedgerTask task = new LedgerTask();
        task.add(MILL, acquire(MILL, "main"), RULES);
        task.add(MILL, acquire(BARN, "main"), RULES);
        task.add(MILL, acquire(MILL, "rescue"), RULES);

        List<LedgerAnswer> said = run(task, mill);

        assertThatThrownBy(() -> said.get(1).to(acquire(BARN, "main")))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("holder.host"));
        assertThat(ledger(mill).holdings())
                .extracting(holding -> holding.lease().holder().instance().value())
                .containsExactly("main", "rescue");
    }

    @Test
    void theSameCommandsAgainGetTheSameLeasesAndTheCopiesAllOfIt() {
        LedgerTask first = new LedgerTask();
        first.add(MILL, acquire(MILL, "main"), RULES);
        first.add(MILL, acquire(MILL, "rescue"), RULES);
        List<LedgerAnswer> said = run(first, mill);
        HostLedger once = ledger(mill);

        // The copy did not hear of the first time.
        LedgerTask again = new LedgerTask();
        again.add(MILL, acquire(MILL, "main"), RULES);
        again.add(MILL, acquire(MILL, "rescue"), RULES);
        List<LedgerAnswer> repeated = run(again, mill);
        backup(again, copy);

        assertThat(repeated).isEqualTo(said);
        assertThat(ledger(mill)).isEqualTo(once);
        assertThat(ledger(copy)).isEqualTo(once);
    }

    @Test
    void aCopyHasWhatWasDecidedAndNothingOfOtherHosts() {
        LedgerTask task = new LedgerTask();
        task.add(MILL, acquire(MILL, "main"), RULES);
        task.add(BARN, new Command.Revoke(5), RULES);
        Map.Entry<String, @Nullable StoredLedger> barn = new SimpleEntry<>("barn", null);
        Map.Entry<String, @Nullable StoredLedger> barnsCopy = new SimpleEntry<>("barn", null);
        Lease lease = lease(run(task, mill).get(0));
        run(task, barn);

        backup(task, copy);
        backup(task, barnsCopy);

        assertThat(ledger(copy)).isEqualTo(ledger(mill));
        assertThat(barn.getValue()).isNull();
        assertThat(barnsCopy.getValue()).isNull();

        LedgerTask renewal = new LedgerTask();
        renewal.add(
                MILL,
                new Command.Renew(new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD)),
                RULES);
        run(renewal, mill);
        backup(renewal, copy);

        assertThat(ledger(copy)).isEqualTo(ledger(mill));
        assertThat(ledger(copy).holding(lease.fence()))
                .hasValueSatisfying(
                        holding -> assertThat(holding.lease().state()).isEqualTo(LeaseState.CONFIRMED));
    }

    @Test
    void onAnotherMemberTheSameIsDoneAndAnswered() {
        LedgerTask task = new LedgerTask();
        task.add(MILL, acquire(MILL, "main"), RULES);
        task.add(MILL, acquire(BARN, "main"), RULES);
        task.add(MILL, new Command.Revoke(5), RULES);
        LedgerTask there = journey(task);

        byte[] answer = there.process(hazelcasts(mill));

        assertThat(answer).isNotNull();
        List<LedgerAnswer> said = task.answers("mill", answer);
        LeaseReply reply = said.get(0).to(acquire(MILL, "main"));
        assertThat(reply).isInstanceOfSatisfying(LeaseReply.Granted.class, granted -> assertThat(
                        granted.lease().base())
                .isEqualTo(18_789));
        assertThatThrownBy(() -> said.get(1).to(acquire(BARN, "main"))).isInstanceOf(BadInput.class);
        assertThat(said.get(2).to(new Command.Revoke(5))).isFalse();
    }

    private static LedgerTask journey(LedgerTask task) {
        InternalSerializationService bytes = new DefaultSerializationServiceBuilder()
                .addDataSerializableFactory(SharedLedgers.FACTORY, new SharedLedgers.Factory())
                .build();
        try {
            return bytes.toObject(bytes.toData(task));
        } finally {
            bytes.dispose();
        }
    }

    private static List<LedgerAnswer> run(LedgerTask task, Map.Entry<String, @Nullable StoredLedger> entry) {
        return task.answers(entry.getKey(), task.process(hazelcasts(entry)));
    }

    private static void backup(LedgerTask task, Map.Entry<String, @Nullable StoredLedger> entry) {
        EntryProcessor<String, StoredLedger, byte[]> copies = Objects.requireNonNull(task.getBackupProcessor());
        copies.process(hazelcasts(entry));
    }

    /** Hazelcast's entries have no value before the first, and its types do not say so. */
    @SuppressWarnings({"NullAway", "unchecked"})
    private static Map.Entry<String, StoredLedger> hazelcasts(Map.Entry<String, @Nullable StoredLedger> entry) {
        return (Map.Entry<String, StoredLedger>) (Map.Entry<String, ?>) entry;
    }

    private static HostLedger ledger(Map.Entry<String, @Nullable StoredLedger> entry) {
        return Objects.requireNonNull(entry.getValue()).ledger();
    }

    private static Lease lease(LedgerAnswer answer) {
        LeaseReply reply = answer.to(acquire(MILL, "main"));
        return ((LeaseReply.Granted) reply).lease();
    }

    private static Command.Acquire acquire(HostId host, String instance) {
        return new Command.Acquire(
                new AcquireLease(
                        new InstanceKey(host, new InstanceId(instance)),
                        new Incarnation(1),
                        "openclaw-2026.7.1-wide",
                        Footprint.contiguous(111),
                        HostFacts.bare(new PortSpace("boot", 1)),
                        null,
                        null),
                1_795_000_000L);
    }
}
