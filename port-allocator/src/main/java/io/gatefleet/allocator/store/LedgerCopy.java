package io.gatefleet.allocator.store;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command made of a ledger, for the members that keep copies: the whole of it, so that a copy that missed something
 * is right again; the facts only when they changed, because no decision hangs on them and they are large.
 */
final class LedgerCopy implements EntryProcessor<String, StoredLedger, byte[]>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;
    private static final byte[] NOTHING = {};

    private transient byte[] leases = NOTHING;
    private transient byte[] others = NOTHING;
    private transient byte @Nullable [] facts;

    /** For {@link #readData}. */
    LedgerCopy() {}

    static LedgerCopy of(StoredLedger ledger, boolean withFacts) {
        LedgerCopy copy = new LedgerCopy();
        copy.leases = ledger.leases();
        copy.others = ledger.others();
        copy.facts = withFacts ? ledger.facts() : null;
        return copy;
    }

    @Override
    public byte[] process(Map.Entry<String, StoredLedger> entry) {
        byte[] said = facts;
        if (said == null) {
            @Nullable StoredLedger kept = entry.getValue();
            said = kept == null ? NOTHING : kept.facts();
        }
        entry.setValue(new StoredLedger(leases, others, said));
        return NOTHING;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(leases);
        out.writeByteArray(others);
        out.writeByteArray(facts);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        leases = in.readByteArray();
        others = in.readByteArray();
        facts = in.readByteArray();
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
