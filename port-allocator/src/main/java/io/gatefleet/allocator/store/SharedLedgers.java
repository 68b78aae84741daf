package io.gatefleet.allocator.store;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.HardenedConfig;
import io.gatefleet.runtime.cluster.SharedState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The map of ledgers, one entry per host, as every member of a cluster keeps it. */
public final class SharedLedgers implements SharedState {
    static final String MAP = "gatefleet.ledgers";
    private static final String DECISIONS = "gatefleet.decisions";
    static final int FACTORY = 7801;
    static final int STORED_LEDGER = 1;
    static final int LEDGER_TASK = 2;
    static final int LEDGER_COPY = 3;
    static final int LEDGER_OPERATION = 4;

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public int form() {
        return LedgerBytes.FORM;
    }

    @Override
    public void configure(Config config, ClusterConfig cluster) {
        config.getSerializationConfig().addDataSerializableFactory(FACTORY, new Factory());
        config.addMapConfig(new MapConfig(MAP)
                .setBackupCount(cluster.backups())
                .setAsyncBackupCount(0)
                .setReadBackupData(false)
                // As bytes, every command would read and write the whole ledger: measured, a third of the grants.
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setStatisticsEnabled(false)
                .setSplitBrainProtectionName(HardenedConfig.MAJORITY)
                // The larger side's ledgers stand. What the smaller one granted in the moment
                // of the split is claimed by the nodes that hold it.
                .setMergePolicyConfig(new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName())));
    }

    @Override
    public Closeable writeDown(Config config, String service, Path journal) throws IOException {
        DecisionJournal decisions = DecisionJournal.open(journal, service);
        config.getUserContext().put(DECISIONS, decisions);
        return decisions;
    }

    /** Who hears of what this member decides. */
    static DecisionLog decisions(HazelcastInstance here) {
        return here.getUserContext().get(DECISIONS) instanceof DecisionLog log ? log : DecisionLog.NONE;
    }

    /** From now on hears of what this member decides. */
    static void decisions(HazelcastInstance here, DecisionLog log) {
        here.getUserContext().put(DECISIONS, log);
    }

    static final class Factory implements DataSerializableFactory {
        @Override
        public IdentifiedDataSerializable create(int typeId) {
            return switch (typeId) {
                case STORED_LEDGER -> new StoredLedger();
                case LEDGER_TASK -> new LedgerTask();
                case LEDGER_COPY -> new LedgerCopy();
                case LEDGER_OPERATION -> new LedgerOperation();
                default -> throw new IllegalArgumentException("class " + typeId + " of a newer ledger");
            };
        }
    }
}
