package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.history.check.Verdict;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands who ask at once. A plane of its own: what they leave behind would drive another one into self-preservation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StormIT {
    private static final int STORM = 2_000;
    private static final int STORM_HOSTS = 20;
    private static final Duration SOON = Duration.ofMinutes(3);

    /** Nodes wait at most 5 s before they ask again. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path fleet;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @SuppressWarnings("NullAway.Init")
    private ClusteredPlane plane;

    @BeforeAll
    void start() throws IOException {
        // No offer lapses before the last one is counted.
        plane = new ClusteredPlane(
                PlaneShape.onLoopback(3, 2).withAllocatorOptions("--offered", "PT5M"), fleet, client);
        plane.start();
        plane.isReady();
    }

    @AfterAll
    void endAll() {
        plane.close();
    }

    @Test
    void twoThousandRegistrationsAtOnceAreAllLentRangesOfTheirOwn() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<SpeakingNode> storm = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < STORM; i++) {
            SpeakingNode node = madeUp("storm-" + i % STORM_HOSTS, "node-" + i);
            storm.add(node);
            Runnable asks = () -> {
                try {
                    gate.await();
                    inTheEnd(node::join, refused);
                } catch (InterruptedException | RuntimeException trouble) {
                    failed.add(trouble);
                }
            };
            threads.add(new Thread(null, asks, "storm-" + i, 128 << 10));
        }
        threads.forEach(Thread::start);
        long begun = System.nanoTime();
        gate.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        say("%d registrations at once on %d hosts: all lent after %d ms, %d asked again"
                .formatted(STORM, STORM_HOSTS, since(begun).toMillis(), refused.get()));
        assertThat(failed).isEmpty();
        for (int host = 0; host < STORM_HOSTS; host++) {
            HostId name = new HostId("storm-" + host);
            List<Lease> lent = storm.stream()
                    .filter(node -> node.key().host().equals(name))
                    .map(SpeakingNode::lease)
                    .toList();
            long ports = lent.stream().mapToLong(lease -> lease.ports().size()).sum();
            long different = lent.stream()
                    .flatMapToInt(lease -> lease.ports().stream())
                    .distinct()
                    .count();
            assertThat(different).as("ports of %s, each lent once", name).isEqualTo(ports);
        }
        Verdict verdict = Proof.of(fleet);
        say(verdict.toString());
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.gaps()).isEmpty();
        assertThat(verdict.overlaps().found()).as("in the ledgers").isZero();
    }

    private SpeakingNode madeUp(String host, String instance) {
        return new SpeakingNode(
                client, plane.registries(), new InstanceKey(new HostId(host), new InstanceId(instance)));
    }

    private interface Word {
        void say() throws Exception;
    }

    private static void inTheEnd(Word word, AtomicInteger refused) {
        Callable<Boolean> said = () -> {
            try {
                word.say();
                return true;
            } catch (IllegalStateException later) {
                refused.incrementAndGet();
                return false;
            }
        };
        await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(AGAIN).until(said);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void say(String measured) {
        System.out.println(measured);
    }
}
