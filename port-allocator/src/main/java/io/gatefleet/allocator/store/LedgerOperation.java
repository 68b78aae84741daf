package io.gatefleet.allocator.store;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.operation.MultipleEntryOperation;
import java.util.Set;

/**
 * Runs a {@link LedgerTask} on several ledgers of one partition, and is answered when all copies have heard of it.
 * Hazelcast's own operation on several keys does not wait for copies, so this uses its inner classes: they are of the one
 * version that Gatefleet is built with.
 */
public final class LedgerOperation extends MultipleEntryOperation {
    /** For Hazelcast, which then reads it. */
    public LedgerOperation() {}

    LedgerOperation(Set<Data> keys, LedgerTask task) {
        super(SharedLedgers.MAP, keys, task);
    }

    @Override
    public int getSyncBackupCount() {
        return mapContainer.getTotalBackupCount();
    }

    @Override
    public int getAsyncBackupCount() {
        return 0;
    }

    @Override
    public int getFactoryId() {
        return SharedLedgers.FACTORY;
    }

    @Override
    public int getClassId() {
        return SharedLedgers.LEDGER_OPERATION;
    }
}
