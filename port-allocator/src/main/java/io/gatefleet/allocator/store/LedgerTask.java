package io.gatefleet.allocator.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.lease.Outcome;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.LeaseReply;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One command on one host's ledger, where the ledger is: on the thread of its partition, one after the other. The copies
 * get its result and never decide. May run twice when a member dies meanwhile; commands are made for that.
 */
final class LedgerTask
        implements EntryProcessor<String, StoredLedger, byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;
    private transient @Nullable HostId host;
    private transient @Nullable Command<?> command;
    private transient @Nullable LeaseRules rules;
    private transient @Nullable LedgerCopy copy;
    private transient DecisionLog decisions = DecisionLog.NONE;

    /** For {@link #readData}. */
    LedgerTask() {}

    LedgerTask(HostId host, Command<?> command, LeaseRules rules) {
        this.host = host;
        this.command = command;
        this.rules = rules;
    }

    @Override
    public byte[] process(Map.Entry<String, StoredLedger> entry) {
        @Nullable StoredLedger stored = entry.getValue();
        HostLedger before = stored == null ? HostLedger.empty(Objects.requireNonNull(host)) : stored.ledger();
        Outcome<?> outcome;
        try {
            outcome = Objects.requireNonNull(command).on(before, Objects.requireNonNull(rules));
        } catch (BadInput bad) {
            return LedgerAnswer.complaint(bad);
        }
        decisions.decided(before, Objects.requireNonNull(command), outcome);
        HostLedger after = outcome.ledger();
        if (!LedgerBytes.same(before, after)) {
            StoredLedger changed = stored == null ? new StoredLedger(after) : stored.changedTo(after);
            entry.setValue(changed);
            copy = LedgerCopy.of(changed, stored == null || !LedgerBytes.sameFacts(before, after));
        } else if (stored != null && outcome.reply() instanceof LeaseReply.Granted) {
            // Nothing new here; but perhaps this is asked again because a copy did not hear of it the first time.
            copy = LedgerCopy.of(stored, true);
        }
        return LedgerAnswer.reply(outcome.reply());
    }

    /** Of the member that decides. */
    @Override
    public void setHazelcastInstance(HazelcastInstance here) {
        decisions = SharedLedgers.decisions(here);
    }

    @Override
    public @Nullable EntryProcessor<String, StoredLedger, byte[]> getBackupProcessor() {
        return copy;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(Objects.requireNonNull(host).value());
        out.writeByteArray(Wire.LENIENT.write(Objects.requireNonNull(command)).getBytes());
        out.writeByteArray(WrittenRules.of(Objects.requireNonNull(rules)).bytes());
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        host = new HostId(in.readString());
        command = Wire.LENIENT.read(in.readByteArray(), Command.class);
        rules = WrittenRules.of(in.readByteArray()).rules();
    }

    @Override
    public int getFactoryId() {
        return SharedLedgers.FACTORY;
    }

    @Override
    public int getClassId() {
        return SharedLedgers.LEDGER_TASK;
    }
}
