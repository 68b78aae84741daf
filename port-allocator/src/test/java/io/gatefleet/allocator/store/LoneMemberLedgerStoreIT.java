package io.gatefleet.allocator.store;

import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on a cluster of one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoneMemberLedgerStoreIT extends LedgerStoreContract {
    private final ClusterMember member =
            ClusterMember.join("port-allocator", TestCluster.of(1).config(0), Meters.of("port-allocator"));

    @BeforeAll
    void isReady() {
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> member.trouble(), Optional::isEmpty);
    }

    @AfterAll
    void leave() throws Exception {
        member.vertx().close().await(20, TimeUnit.SECONDS);
        member.leave();
    }

    @Override
    protected LedgerStore empty() {
        member.hazelcast().getMap(SharedLedgers.MAP).clear();
        return new HazelcastLedgerStore(member);
    }
}
