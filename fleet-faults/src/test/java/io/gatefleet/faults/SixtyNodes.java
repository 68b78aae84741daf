package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.check.Verdict;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Sixty nodes with real guards on one host, in three processes that can be frozen: a tenth of them, three tenths, all. The
 * kernel is watched from the moment in which all stand.
 */
final class SixtyNodes implements AutoCloseable {
    static final HostId HOST = new HostId("mill");
    private static final List<Integer> IN_A_PROCESS = List.of(6, 12, 42);
    private static final int COUNT = 60;
    private static final Duration SOON = Duration.ofSeconds(150);
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final Path fleet;
    private final ClusteredPlane plane;
    private final List<NodesProcess> processes = new ArrayList<>();
    private final KernelWatch watch = KernelWatch.here();

    /** Starts three allocators, two registries and all nodes, and waits until they stand. */
    SixtyNodes(Path fleet, HttpClient client) throws IOException {
        this.fleet = fleet;
        // What lapsed may be lent again almost at once, so that the guard alone keeps others away. Whoever is told that
        // the living come first has time to ask again, also on a busy machine.
        plane = new ClusteredPlane(
                PlaneShape.onLoopback(3, 2)
                        .withAllocatorOptions("--rest-lapsed", "PT1S", "--rest-busy", "PT2S", "--recovery", "PT10S"),
                fleet,
                client);
        try {
            plane.start();
            plane.isReady();
            for (int count : IN_A_PROCESS) {
                processes.add(NodesProcess.start(Place.HERE, fleet, HOST, "gate-" + count, count, plane.registries()));
            }
            allComeToStand();
            for (NodesProcess process : processes) {
                process.watchedBy(watch);
            }
        } catch (IOException | RuntimeException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    ClusteredPlane plane() {
        return plane;
    }

    /** The processes of six, twelve and forty-two. */
    List<NodesProcess> processes() {
        return processes;
    }

    /** The confirmed leases of the sixty. */
    Map<InstanceKey, Lease> ledger() {
        Map<InstanceKey, Lease> leases = new TreeMap<>();
        for (Lease lease : plane.leases(HOST)) {
            if (lease.state() == LeaseState.CONFIRMED
                    && lease.holder().instance().value().startsWith("gate-")) {
                leases.put(lease.holder(), lease);
            }
        }
        return leases;
    }

    /** Waits until all stand; says, where it waits in vain, what the nodes say. */
    void allComeToStand() {
        try {
            await().atMost(SOON).pollInterval(OFTEN).until(this::allStand);
        } catch (ConditionTimeoutException late) {
            String words = processes.stream()
                    .flatMap(process -> process.log().stream().limit(20))
                    .collect(Collectors.joining("\n"));
            throw new AssertionError(
                    "%d of %d stand confirmed, %d have leases; the nodes say%n%s"
                            .formatted(
                                    ledger().size(), COUNT, plane.leases(HOST).size(), words),
                    late);
        }
    }

    /** By the ledger, and by the kernel: every port of every lease has one guard. */
    private boolean allStand() throws IOException {
        Map<InstanceKey, Lease> leases = ledger();
        int[] ports = leases.values().stream()
                .flatMapToInt(lease -> lease.ports().stream())
                .toArray();
        return leases.size() == COUNT && watch.isGuarded(PortSet.of(ports));
    }

    /** By the kernel's tables until now, and by the journals. */
    void assertNothingWasWrong() throws IOException {
        assertThat(watch.troublesUntilNow())
                .as("seen in %d looks at the kernel's tables", watch.looks())
                .isEmpty();
        Verdict verdict = Proven.nothingWasWrong(fleet);
        assertThat(verdict.guards()).isGreaterThanOrEqualTo(COUNT);
    }

    static void assertSameBases(Map<InstanceKey, Lease> before, Map<InstanceKey, Lease> after) {
        assertThat(after.keySet()).containsAll(before.keySet());
        before.forEach((key, lease) ->
                assertThat(of(after, key).base()).as("base of %s", key).isEqualTo(lease.base()));
    }

    static Lease of(Map<InstanceKey, Lease> leases, InstanceKey key) {
        return Objects.requireNonNull(leases.get(key), () -> "no lease of " + key);
    }

    @Override
    public void close() {
        watch.close();
        try {
            processes.forEach(NodesProcess::close);
        } finally {
            plane.close();
        }
    }
}
