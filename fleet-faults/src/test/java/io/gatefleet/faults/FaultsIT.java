package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.history.check.Verdict;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.runtime.LocalBus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that is frozen, killed and lost while nodes with guards and gateways run on one host. The kernel is watched
 * meanwhile, and in the end the journals must prove that no two guarded ranges ever overlapped.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsIT {
    private static final HostId HOST = new HostId("mill");
    private static final int NODES = 8;
    private static final int CALLERS = 64;
    private static final Duration SOON = Duration.ofSeconds(90);

    /** The longest pause of a node whose control plane was silent, 5 s, and its word's way on a busy machine. */
    private static final Duration BACK = Duration.ofSeconds(15);

    /** Some beats: what a registry remembers from before a fault is no proof. */
    private static final int HEARD_MILLIS = 3_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path fleet;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Vertx vertx =
            LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(16), null);
    private final List<GuardedNode> nodes = new ArrayList<>();
    private final AtomicLong askers = new AtomicLong();

    @SuppressWarnings("NullAway.Init")
    private ClusteredPlane plane;

    @BeforeAll
    void start() throws Exception {
        // Room for all callers, and for the ranges that rest behind them; members stand in this pool, and are seen
        // there.
        plane = new ClusteredPlane(
                PlaneShape.onLoopback(3, 2).withAllocatorOptions("--pool", "8192-32767"), fleet, client);
        plane.start();
        plane.isReady();
        for (int i = 0; i < NODES; i++) {
            nodes.add(GuardedNode.startWithGateway(vertx, fleet, key("gate-" + i), plane.registries()));
        }
    }

    @AfterAll
    void endAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(NODES + 1);
        try {
            List<Callable<Boolean>> ends = new ArrayList<>();
            for (GuardedNode node : nodes) {
                ends.add(() -> {
                    node.close();
                    return true;
                });
            }
            // All are ended before the first that could not be is told of.
            for (Future<Boolean> end : threads.invokeAll(ends, 60, TimeUnit.SECONDS)) {
                assertThat(end.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
            if (plane != null) {
                plane.close();
            }
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void everythingStands() throws IOException {
        plane.start();
        plane.isReady();
        await().atMost(SOON).until(() -> nodes.stream().allMatch(this::stands));
    }

    @Test
    void whenAllMembersAreKilledEveryGatewayRunsOnAndEveryNodeGetsItsBaseBack() throws Exception {
        Map<InstanceKey, Lease> before = leases();
        int last = NODES - 1;
        List<GuardedNode> running = List.copyOf(nodes.subList(0, last));
        GuardedNode restarted = nodes.get(last);
        try (KernelWatch watch = watch(running, before)) {
            Map<InstanceKey, Double> failed = new TreeMap<>();
            for (GuardedNode node : running) {
                failed.put(node.key(), says(node, base(before, node), "beats_failed_total"));
            }
            for (int member = 0; member < plane.size(); member++) {
                plane.kill(member);
            }
            restarted.close();
            restarted = GuardedNode.startWithGateway(vertx, fleet, restarted.key(), plane.registries());
            nodes.set(last, restarted);
            for (GuardedNode node : nodes) {
                double heardOf = failed.getOrDefault(node.key(), -1.0);
                int base = base(before, node);
                await().atMost(SOON)
                        .ignoreException(ConnectException.class)
                        .until(() -> says(node, base, "gateway_ready") == 1
                                && says(node, base, "beats_failed_total") > heardOf);
                assertThat(says(node, base, "guard_held")).isEqualTo(1);
            }
            assertThat(says(restarted, base(before, restarted), "registered"))
                    .as("a node that started while nobody answered")
                    .isZero();

            long begun = System.nanoTime();
            plane.start();
            plane.isAsked();
            long asked = System.nanoTime();
            await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> nodes.stream()
                    .allMatch(this::stands));
            Duration back = since(asked);

            Map<InstanceKey, Lease> after = leases();
            before.forEach((key, lease) -> {
                Lease again = Objects.requireNonNull(after.get(key));
                assertThat(again.base()).as("base of %s", key).isEqualTo(lease.base());
                assertThat(again.fence()).as("fence of %s", key).isGreaterThan(lease.fence());
            });
            say(
                    "all members lost: %d nodes back on their bases %d ms after the first registry took work, %d ms after five members were started"
                            .formatted(NODES, back.toMillis(), (asked - begun) / 1_000_000 + back.toMillis()));
            assertThat(back).isLessThan(BACK);
            assertNothingWasWrong(watch);
        }
    }

    @Test
    void aMemberThatIsFrozenBeyondTheTermAndComesBackLendsNothingTwice() throws Exception {
        Map<InstanceKey, Lease> before = leases();
        GuardedNode late;
        try (KernelWatch watch = watch(nodes, before)) {
            int keeper = keeper();
            plane.pause(keeper);
            long stopped = System.nanoTime();
            try {
                late = GuardedNode.startWithGateway(vertx, fleet, key("late"), plane.registries());
                nodes.add(late);
                await().atMost(SOON).until(() -> stands(late));
                Duration lent = since(stopped);
                // What is waited for is that the time has passed: no lease that is not renewed outlives it.
                Duration frozen = plane.shape().term().multipliedBy(2);
                await().atMost(SOON).until(() -> since(stopped).compareTo(frozen) > 0);
                say("member %d frozen: a new node stood after %d ms".formatted(keeper, lent.toMillis()));
            } finally {
                plane.resume(keeper);
            }
            long woken = System.nanoTime();
            // It believes for two seconds that nothing happened: then it must lend nothing that others have lent since.
            try (GuardedCallers callers = callers(4, "waking")) {
                plane.saysThatItIsAlone(keeper);
                plane.isReady(keeper);
                callers.end();
                say("member %d woken after %d ms and ready %d ms later; %d lives meanwhile, %d guards refused"
                        .formatted(
                                keeper,
                                (woken - stopped) / 1_000_000,
                                since(woken).toMillis(),
                                callers.lived(),
                                callers.refusedGuards()));
            }
            await().atMost(SOON).until(() -> nodes.stream().allMatch(this::stands));

            Map<InstanceKey, Lease> after = leases();
            before.forEach((key, lease) -> assertThat(
                            Objects.requireNonNull(after.get(key)).base())
                    .as("base of %s", key)
                    .isEqualTo(lease.base()));
            assertNothingWasWrong(watch);
        }
        nodes.remove(late);
        late.close();
    }

    @Test
    void aMemberThatIsKilledUnderSixtyFourCallersLendsNothingTwice() throws Exception {
        Map<InstanceKey, Lease> before = leases();
        try (KernelWatch watch = watch(nodes, before);
                GuardedCallers callers = callers(CALLERS, "caller")) {
            await().atMost(SOON).until(() -> callers.lived() >= 2 * CALLERS);
            int keeper = keeper();
            plane.kill(keeper);
            long livedBefore = callers.lived();
            await().atMost(SOON).until(() -> callers.lived() >= livedBefore + 4 * CALLERS);
            callers.end();
            say("member %d killed under %d callers: %d lives, the slowest took %d ms; %d guards refused"
                    .formatted(
                            keeper, CALLERS, callers.lived(), callers.slowest().toMillis(), callers.refusedGuards()));
            await().atMost(SOON).until(() -> nodes.stream().allMatch(this::stands));
            assertThat(leases()).allSatisfy((key, lease) -> assertThat(lease.base())
                    .isEqualTo(Objects.requireNonNull(before.get(key)).base()));
            assertNothingWasWrong(watch);
        }
    }

    private GuardedCallers callers(int count, String name) throws IOException {
        return new GuardedCallers(
                count,
                name,
                HOST,
                client,
                plane.registries(),
                fleet.resolve("callers").resolve("journal"));
    }

    /** Which member decides for the host now: it is asked for something, and writes down that it was. */
    private int keeper() throws Exception {
        InstanceKey key = key("asker-" + askers.incrementAndGet());
        SpeakingNode asker =
                new SpeakingNode(client, plane.registries(), key, new Incarnation(1), () -> Kernel.facts(Set.of()));
        Insisting.on(asker::join);
        Insisting.on(asker::leave);
        await().atMost(SOON).until(() -> plane.decidedFor(key) >= 0);
        return plane.decidedFor(key);
    }

    private static void assertNothingWasWrong(KernelWatch watch) throws IOException {
        assertThat(watch.troublesUntilNow())
                .as("seen in %d looks at the kernel's tables", watch.looks())
                .isEmpty();
        Verdict verdict = Proven.nothingWasWrong(fleet);
        assertThat(verdict.guards()).isGreaterThanOrEqualTo(NODES);
        assertThat(verdict.grants()).isGreaterThanOrEqualTo(NODES);
    }

    private static KernelWatch watch(List<GuardedNode> some, Map<InstanceKey, Lease> leases) throws IOException {
        KernelWatch watch = KernelWatch.here();
        for (GuardedNode node : some) {
            watch.watch(base(leases, node), node.gatewayPid());
        }
        return watch;
    }

    /** What a node says of itself on its own port, which is the second of its lease. */
    private double says(GuardedNode node, int base, String meter) throws IOException, InterruptedException {
        String metrics = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(base + 1)))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        List<String> samples = metrics.lines()
                .filter(line -> line.startsWith("gatefleet_node_" + meter + "{")
                        || line.startsWith("gatefleet_node_" + meter + " "))
                .toList();
        assertThat(samples).as("%s of %s in%n%s", meter, node.key(), metrics).hasSize(1);
        return Double.parseDouble(samples.get(0).replaceAll(".* ", ""));
    }

    private Map<InstanceKey, Lease> leases() {
        Map<InstanceKey, Lease> leases = new TreeMap<>();
        for (GuardedNode node : nodes) {
            leases.put(
                    node.key(),
                    plane.instance(node.key()).map(InstanceView::lease).orElseThrow());
        }
        return leases;
    }

    private boolean stands(GuardedNode node) {
        return plane.instance(node.key())
                .filter(view -> view.heardMillisAgo() < HEARD_MILLIS)
                .filter(view -> view.report().state() == GatewayState.RUNNING)
                .flatMap(view -> Optional.ofNullable(view.lease()))
                .filter(lease -> lease.state() == LeaseState.CONFIRMED)
                .isPresent();
    }

    private static int base(Map<InstanceKey, Lease> leases, GuardedNode node) {
        return Objects.requireNonNull(leases.get(node.key())).base();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void say(String measured) {
        System.out.println(measured);
    }

    private static InstanceKey key(String instance) {
        return new InstanceKey(HOST, new InstanceId(instance));
    }
}
