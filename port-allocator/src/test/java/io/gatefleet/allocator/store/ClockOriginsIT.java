package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hazelcast.cluster.Member;
import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members whose monotonic clocks began at different times, as on different machines: each in a time namespace of its own.
 * What one of them noted by its clock means nothing to another.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClockOriginsIT {
    private static final Duration TERM = Duration.ofSeconds(4);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final TestCluster cluster = TestCluster.of(3);
    private final List<Process> allocators = new ArrayList<>();
    private @Nullable ClusterMember self;

    @AfterEach
    void end() throws Exception {
        allocators.forEach(Process::destroyForcibly);
        if (self != null) {
            self.vertx().close().await(20, TimeUnit.SECONDS);
            self.hazelcast().getLifecycleService().terminate();
        }
        for (Process allocator : allocators) {
            allocator.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aLeaseNeverEndsBeforeItsTermWhenAnotherMemberTakesItsHostOver() throws Exception {
        assumeTrue(namespacesArePermitted(), "no time namespaces here: needs root and Linux 5.6; NOT TESTED");
        // One began a day ago, the other just now.
        allocators.add(allocator(1, 86_400));
        allocators.add(allocator(2, 0));
        // Not an allocator itself: the hosts that it keeps are swept by one of the two.
        ClusterMember member = ClusterMember.join("registry-service", cluster.config(0), Meters.of("registry-service"));
        self = member;
        await().atMost(SOON).until(() -> member.with("port-allocator").size() == 2);
        await().atMost(SOON).until(() -> member.trouble(), Optional::isEmpty);
        HazelcastLedgerStore store = new HazelcastLedgerStore(member);
        // Three, so that whoever sweeps them believes that all of them fell silent.
        List<HostId> hosts = List.of(
                hostOf(member, cluster.config(1).port()),
                hostOf(member, cluster.config(2).port()),
                hostOf(member, cluster.config(0).port()));
        Map<HostId, Long> renewed = new HashMap<>();
        for (HostId host : hosts) {
            // Members are there before they serve; who is asked again answers the same.
            await().atMost(SOON).ignoreExceptions().until(() -> ask(member, host) instanceof LeaseReply.Granted);
            Lease lease = granted(ask(member, host));
            renewed.put(host, System.nanoTime());
            granted(LedgerStoreContract.await(Leases.RENEW.ask(
                    member.vertx().eventBus(),
                    new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD),
                    SOON)));
        }
        long half = System.nanoTime();
        await().atMost(SOON).until(() -> System.nanoTime() - half > TERM.toNanos() / 2);

        allocators.get(0).destroyForcibly();

        Map<HostId, Duration> lasted = new HashMap<>();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> {
                    for (HostId host : hosts) {
                        if (!lasted.containsKey(host)
                                && LedgerStoreContract.await(store.read(host))
                                        .holdings()
                                        .isEmpty()) {
                            lasted.put(host, Duration.ofNanos(System.nanoTime() - renewed.getOrDefault(host, 0L)));
                        }
                    }
                    return lasted.size() == hosts.size();
                });
        assertThat(lasted.values()).allSatisfy(time -> assertThat(time).isGreaterThanOrEqualTo(TERM));
        // A term from when the new one first looked, and what the change itself took.
        assertThat(lasted.get(hosts.get(0))).isGreaterThanOrEqualTo(TERM.plus(TERM.dividedBy(2)));
    }

    private LeaseReply ask(ClusterMember member, HostId host) throws Exception {
        AcquireLease question = new AcquireLease(
                new InstanceKey(host, new InstanceId("main")),
                new Incarnation(1),
                "openclaw-2026.7.1-wide",
                Footprint.contiguous(111),
                HostFacts.bare(new PortSpace("boot", 1)),
                null,
                null);
        return LedgerStoreContract.await(Leases.ACQUIRE.ask(member.vertx().eventBus(), question, SOON));
    }

    private static Lease granted(LeaseReply reply) {
        assertThat(reply).isInstanceOf(LeaseReply.Granted.class);
        return ((LeaseReply.Granted) reply).lease();
    }

    /** A host whose ledger lies with the member on that port. */
    private static HostId hostOf(ClusterMember member, int port) {
        for (int i = 0; ; i++) {
            HostId host = new HostId("mill-" + i);
            Member owner = member.hazelcast()
                    .getPartitionService()
                    .getPartition(host.value())
                    .getOwner();
            if (owner != null && owner.getAddress().getPort() == port) {
                return host;
            }
        }
    }

    private Process allocator(int number, int startedSecondsAgo) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-T",
                "--fork",
                "--kill-child",
                "--monotonic",
                Integer.toString(startedSecondsAgo),
                System.getProperty("java.home") + "/bin/java",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                AllocatorMain.class.getName(),
                "--http-port",
                "0",
                "--term",
                TERM.toString(),
                "--sweep",
                "PT0.2S",
                "--reservations",
                directory.resolve("reservations-" + number).toString()));
        command.addAll(cluster.options(number));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static boolean namespacesArePermitted() throws IOException, InterruptedException {
        try {
            Process tried = new ProcessBuilder("unshare", "-T", "--fork", "--monotonic", "1", "true")
                    .redirectErrorStream(true)
                    .start();
            return tried.waitFor(10, TimeUnit.SECONDS) && tried.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
