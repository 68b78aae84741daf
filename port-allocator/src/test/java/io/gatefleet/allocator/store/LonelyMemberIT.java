package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.Unavailable;
import io.gatefleet.runtime.cluster.CannotJoin;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One member of three, the others never came. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LonelyMemberIT {
    private static final HostId MILL = new HostId("mill");

    private final ClusterConfig config = TestCluster.of(3).config(0);
    private final ClusterMember member = ClusterMember.join("port-allocator", config, Meters.of("port-allocator"));
    private final LedgerStore store = new HazelcastLedgerStore(member);

    @AfterAll
    void leave() throws Exception {
        member.vertx().close().await(20, TimeUnit.SECONDS);
        member.leave();
    }

    @Test
    void itSaysThatItIsInAMinority() {
        assertThat(member.trouble())
                .hasValueSatisfying(why -> assertThat(why).startsWith("in a minority: 1 of 3 members"));
    }

    @Test
    void itLendsNothingAndStillExplains() throws Exception {
        LeaseRules rules = new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 1, 1, 1);

        assertThatThrownBy(() -> LedgerStoreContract.await(store.apply(MILL, new Command.Revoke(1), rules)))
                .isInstanceOf(Unavailable.class)
                .hasMessageStartingWith("The ledger cannot be reached now");
        assertThat(LedgerStoreContract.await(store.read(MILL))).isEqualTo(HostLedger.empty(MILL));
        assertThat(LedgerStoreContract.await(store.sweptHere())).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        assertThatThrownBy(() -> ClusterMember.join("port-allocator", config, Meters.of("port-allocator")))
                .isInstanceOf(CannotJoin.class)
                .hasMessageContaining("127.0.0.1:" + config.port());
    }
}
