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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands on the ledgers of one partition, where those are: on the partition's thread, each host's one after the other,
 * each on the outcome of the one before. The copies get the result and never decide. May run twice when a member dies
 * meanwhile; commands are made for that. Never throws: what it did to other ledgers before would not reach their copies.
 */
final class LedgerTask
        implements EntryProcessor<String, StoredLedger, byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;
    private static final Logger logger = LoggerFactory.getLogger(LedgerTask.class);

    private final transient Map<String, List<Order>> orders = new LinkedHashMap<>();
    private final transient LedgerCopy copies = new LedgerCopy();
    private transient DecisionLog decisions = DecisionLog.NONE;

    /** What was answered here, where nobody else reads it: it need not be written. */
    private final transient Map<String, List<LedgerAnswer>> answers = new LinkedHashMap<>();

    private transient boolean fromAnotherMember;

    private record Order(Command<?> command, LeaseRules rules) {}

    LedgerTask() {}

    void add(HostId host, Command<?> command, LeaseRules rules) {
        orders.computeIfAbsent(host.value(), name -> new ArrayList<>()).add(new Order(command, rules));
    }

    Set<String> hosts() {
        return orders.keySet();
    }

    /** What the commands of a host were answered, in their order; {@code null} bytes: here. */
    List<LedgerAnswer> answers(String host, byte @Nullable [] written) {
        List<LedgerAnswer> here = answers.get(host);
        return written == null ? (here == null ? List.of() : here) : LedgerAnswer.read(written);
    }

    @Override
    public byte @Nullable [] process(Map.Entry<String, StoredLedger> entry) {
        String host = entry.getKey();
        List<Order> wanted = orders.getOrDefault(host, List.of());
        List<LedgerAnswer> said;
        try {
            said = process(entry, wanted);
        } catch (RuntimeException bug) {
            logger.error("the ledger of {} stays as it was", host, bug);
            said = wanted.stream()
                    .<LedgerAnswer>map(order -> new LedgerAnswer.Bug(bug.toString()))
                    .toList();
        }
        if (fromAnotherMember) {
            return LedgerAnswer.write(said);
        }
        answers.put(host, said);
        return null;
    }

    private List<LedgerAnswer> process(Map.Entry<String, StoredLedger> entry, List<Order> wanted) {
        @Nullable StoredLedger stored = entry.getValue();
        HostLedger before = stored == null ? HostLedger.empty(new HostId(entry.getKey())) : stored.ledger();
        HostLedger after = before;
        boolean granted = false;
        boolean registered = stored == null;
        List<LedgerAnswer> said = new ArrayList<>(wanted.size());
        for (Order order : wanted) {
            try {
                Outcome<?> outcome = order.command().on(after, order.rules());
                decisions.decided(after, order.command(), outcome);
                granted |= outcome.reply() instanceof LeaseReply.Granted;
                registered |= order.command() instanceof Command.Acquire;
                after = outcome.ledger();
                said.add(new LedgerAnswer.Reply(outcome.reply()));
            } catch (BadInput bad) {
                said.add(LedgerAnswer.Complaint.of(bad));
            } catch (RuntimeException bug) {
                logger.error("{} on the ledger of {} failed", order.command(), entry.getKey(), bug);
                said.add(new LedgerAnswer.Bug(bug.toString()));
            }
        }
        // What was granted before is perhaps asked for again because a copy did not hear of it the first time.
        if (!LedgerBytes.same(before, after)) {
            StoredLedger changed = stored == null ? new StoredLedger(after) : stored.changedTo(after);
            copies.put(entry.getKey(), changed, registered || !LedgerBytes.sameFacts(before, after));
            entry.setValue(changed);
        } else if (stored != null && granted) {
            copies.put(entry.getKey(), stored, true);
        } else {
            copies.leave(entry.getKey());
        }
        return said;
    }

    /** Of the member that decides. */
    @Override
    public void setHazelcastInstance(HazelcastInstance here) {
        hear(SharedLedgers.decisions(here));
    }

    void hear(DecisionLog log) {
        decisions = log;
    }

    @Override
    public @Nullable EntryProcessor<String, StoredLedger, byte[]> getBackupProcessor() {
        return copies.isEmpty() ? null : copies;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeInt(orders.size());
        for (Map.Entry<String, List<Order>> host : orders.entrySet()) {
            out.writeString(host.getKey());
            out.writeInt(host.getValue().size());
            for (Order order : host.getValue()) {
                out.writeByteArray(Wire.LENIENT.write(order.command()).getBytes());
                out.writeByteArray(WrittenRules.of(order.rules()).bytes());
            }
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        fromAnotherMember = true;
        int hosts = in.readInt();
        for (int i = 0; i < hosts; i++) {
            HostId host = new HostId(in.readString());
            int commands = in.readInt();
            for (int j = 0; j < commands; j++) {
                Command<?> command = Wire.LENIENT.read(in.readByteArray(), Command.class);
                add(host, command, WrittenRules.of(in.readByteArray()).rules());
            }
        }
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
