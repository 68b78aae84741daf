package io.gatefleet.allocator.store;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation made of its ledgers, for the members that keep copies: the whole of each one that changed, so that a
 * copy that missed something is right again; the facts only when they changed, because no decision hangs on them and they
 * are large. Ledgers that it does not name stay as they are.
 */
final class LedgerCopy implements EntryProcessor<String, StoredLedger, byte[]>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;
    private static final byte[] NOTHING = {};

    private transient Map<String, Parts> changed = new HashMap<>();

    private static final class Parts {
        private final byte[] leases;
        private final byte[] others;
        private final byte @Nullable [] facts;

        Parts(byte[] leases, byte[] others, byte @Nullable [] facts) {
            this.leases = leases;
            this.others = others;
            this.facts = facts;
        }
    }

    LedgerCopy() {}

    void put(String host, StoredLedger ledger, boolean withFacts) {
        changed.put(host, new Parts(ledger.leases(), ledger.others(), withFacts ? ledger.facts() : null));
    }

    void leave(String host) {
        changed.remove(host);
    }

    boolean isEmpty() {
        return changed.isEmpty();
    }

    @Override
    public byte[] process(Map.Entry<String, StoredLedger> entry) {
        Parts parts = changed.get(entry.getKey());
        if (parts != null) {
            byte[] facts = parts.facts;
            if (facts == null) {
                @Nullable StoredLedger kept = entry.getValue();
                facts = kept == null ? NOTHING : kept.facts();
            }
            entry.setValue(new StoredLedger(parts.leases, parts.others, facts));
        }
        return NOTHING;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeInt(changed.size());
        for (Map.Entry<String, Parts> one : changed.entrySet()) {
            out.writeString(one.getKey());
            out.writeByteArray(one.getValue().leases);
            out.writeByteArray(one.getValue().others);
            out.writeByteArray(one.getValue().facts);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        int size = in.readInt();
        changed = new HashMap<>();
        for (int i = 0; i < size; i++) {
            changed.put(in.readString(), new Parts(in.readByteArray(), in.readByteArray(), in.readByteArray()));
        }
    }

    @Override
    public int getFactoryId() {
        return SharedLedgers.FACTORY;
    }

    @Override
    public int getClassId() {
        return SharedLedgers.LEDGER_COPY;
    }
}
