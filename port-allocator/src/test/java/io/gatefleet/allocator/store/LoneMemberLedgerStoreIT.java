package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    @Test
    void theMemberThatDecidesTellsItsLog() throws Exception {
        Queue<HostId> heard = new ConcurrentLinkedQueue<>();
        SharedLedgers.decisions(member.hazelcast(), (before, command, outcome) -> heard.add(before.host()));
        try {
            HostId mill = new HostId("mill");
            await(empty().apply(
                            mill,
                            new Command.Revoke(5),
                            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000)));

            assertThat(heard).containsExactly(mill);
        } finally {
            SharedLedgers.decisions(member.hazelcast(), DecisionLog.NONE);
        }
    }
}
