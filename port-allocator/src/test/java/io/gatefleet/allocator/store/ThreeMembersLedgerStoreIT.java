package io.gatefleet.allocator.store;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The contract on three members in three JVMs, this one among them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreeMembersLedgerStoreIT extends LedgerStoreContract {
    private final TestCluster cluster = TestCluster.of(3);
    private final List<Process> others = new ArrayList<>();
    private ClusterMember member;

    @BeforeAll
    void join() throws IOException {
        others.add(MemberProcess.start(cluster, 1));
        others.add(MemberProcess.start(cluster, 2));
        member = ClusterMember.join("port-allocator", cluster.config(0), Meters.of("port-allocator"));
        for (Process other : others) {
            // Its only line; none, if it could not join.
            String said = other.inputReader(StandardCharsets.UTF_8).readLine();
            if (!"joined".equals(said)) {
                throw new IllegalStateException("a member said " + said);
            }
        }
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> member.trouble(), Optional::isEmpty);
    }

    @AfterAll
    void leave() throws Exception {
        others.forEach(Process::destroyForcibly);
        if (member != null) {
            member.vertx().close().await(20, TimeUnit.SECONDS);
            member.hazelcast().getLifecycleService().terminate();
        }
        for (Process other : others) {
            other.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    protected LedgerStore empty() {
        member.hazelcast().getMap(SharedLedgers.MAP).clear();
        return new HazelcastLedgerStore(member);
    }

    @Override
    protected List<Set<HostId>> swept() throws Exception {
        List<Set<HostId>> swept = new ArrayList<>(super.swept());
        for (int other = 1; other < cluster.size(); other++) {
            Message<JsonArray> said = await(member.vertx()
                    .eventBus()
                    .request(MemberProcess.address(cluster.config(other).port()), ""));
            swept.add(said.body().stream()
                    .map(name -> new HostId(String.valueOf(name)))
                    .collect(Collectors.toSet()));
        }
        return swept;
    }
}
