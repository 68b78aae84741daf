package io.gatefleet.bench.gatefleet;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.HardenedConfig;
import io.gatefleet.runtime.cluster.SharedState;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Map;

/**
 * A map that is kept as the ledgers are, by as many members, and holds a number for each host: what a ledger in Hazelcast
 * can reach when deciding and writing down cost nothing.
 */
public final class BareMap implements SharedState {
    static final String NAME = "bench.bare";
    private static final int FACTORY = 7_899;
    private static final int COUNT_UP = 1;

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public int form() {
        return 1;
    }

    @Override
    public void configure(Config config, ClusterConfig cluster) {
        config.getSerializationConfig()
                .addDataSerializableFactory(FACTORY, (DataSerializableFactory) type -> new CountUp());
        config.addMapConfig(new MapConfig(NAME)
                .setBackupCount(cluster.backups())
                .setAsyncBackupCount(0)
                .setReadBackupData(false)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setStatisticsEnabled(false)
                .setSplitBrainProtectionName(HardenedConfig.MAJORITY));
    }

    @Override
    public Closeable writeDown(Config config, String service, Path journal) {
        return () -> {};
    }

    /** The smallest change that there is. */
    static final class CountUp implements EntryProcessor<String, Long, Long>, IdentifiedDataSerializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Long process(Map.Entry<String, Long> entry) {
            Long before = entry.getValue();
            long after = before == null ? 1 : before + 1;
            entry.setValue(after);
            return after;
        }

        @Override
        public int getFactoryId() {
            return FACTORY;
        }

        @Override
        public int getClassId() {
            return COUNT_UP;
        }

        @Override
        public void writeData(ObjectDataOutput out) {}

        @Override
        public void readData(ObjectDataInput in) {}
    }
}
