package io.gatefleet.allocator.store;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.gatefleet.allocator.lease.HostLedger;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as the map keeps it: read where decisions are made, bytes where it is only a copy, and each made from the other
 * when it is wanted. A member that keeps copies never reads them, and what did not change is not written again.
 */
final class StoredLedger implements IdentifiedDataSerializable {
    private @Nullable HostLedger ledger;
    private byte @Nullable [] leases;
    private byte @Nullable [] others;
    private byte @Nullable [] facts;

    /** For {@link #readData}. */
    StoredLedger() {}

    StoredLedger(HostLedger ledger) {
        this.ledger = ledger;
    }

    StoredLedger(byte[] leases, byte[] others, byte[] facts) {
        this.leases = leases;
        this.others = others;
        this.facts = facts;
    }

    /** The ledger after a change of this one. */
    StoredLedger changedTo(HostLedger next) {
        HostLedger before = ledger();
        StoredLedger changed = new StoredLedger(next);
        if (LedgerBytes.sameOthers(before, next)) {
            changed.others = others;
        }
        if (LedgerBytes.sameFacts(before, next)) {
            changed.facts = facts;
        }
        return changed;
    }

    HostLedger ledger() {
        HostLedger known = ledger;
        if (known == null) {
            known = LedgerBytes.read(leases(), others(), facts());
            ledger = known;
        }
        return known;
    }

    byte[] leases() {
        byte[] known = leases;
        if (known == null) {
            known = LedgerBytes.leases(ledger());
            leases = known;
        }
        return known;
    }

    byte[] others() {
        byte[] known = others;
        if (known == null) {
            known = LedgerBytes.others(ledger());
            others = known;
        }
        return known;
    }

    byte[] facts() {
        byte[] known = facts;
        if (known == null) {
            known = LedgerBytes.facts(ledger());
            facts = known;
        }
        return known;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(leases());
        out.writeByteArray(others());
        out.writeByteArray(facts());
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
        return SharedLedgers.STORED_LEDGER;
    }
}
