package io.gatefleet.health.life;

import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.health.life.Speaker.Said;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Nodes that beat, and in each thread one more that joins and leaves again and again. */
final class Load implements AutoCloseable {
    private static final int HOSTS = 8;

    private final List<URI> registries;
    private final ExecutorService threads;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger joined = new AtomicInteger();
    private final Queue<Long> tookNanos = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<InstanceKey> moved = new ConcurrentLinkedQueue<>();

    private Load(List<URI> registries, int threads) {
        this.registries = registries;
        this.threads = Executors.newFixedThreadPool(threads);
    }

    static Load on(List<URI> registries, int nodes, int threads) {
        Load load = new Load(registries, threads);
        for (int thread = 0; thread < threads; thread++) {
            List<InstanceKey> keys = new ArrayList<>();
            for (int node = thread; node < nodes; node += threads) {
                keys.add(Words.key("mill-" + node % HOSTS, "node-" + node));
            }
            InstanceKey guest = Words.key("mill-" + thread, "guest-" + thread);
            load.threads.execute(() -> load.live(keys, guest));
        }
        return load;
    }

    private void live(List<InstanceKey> keys, InstanceKey guest) {
        Speaker speaker = new HttpSpeaker(registries);
        Lease[] leases = keys.stream().map(key -> joined(speaker, key)).toArray(Lease[]::new);
        for (long round = 1; going.get(); round++) {
            long number = round;
            Arrays.setAll(leases, node -> beaten(speaker, leases[node], number));
            Said join = timed(guest, () -> speaker.register(guest, Words.join(guest, number)));
            Said leave = timed(guest, () -> speaker.deregister(guest, new Incarnation(number), true));
            if (join.what().equals("registered") && leave.what().equals("departed")) {
                joined.incrementAndGet();
            } else {
                failures.add(guest + " joined and left: " + join + ", " + leave);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50); // The pace of the load; nothing waits for it.
            } catch (InterruptedException told) {
                return;
            }
        }
    }

    /** Before anything is asserted: the first words of all to members that have just come. */
    private static Lease joined(Speaker speaker, InstanceKey key) {
        AtomicReference<Lease> lease = new AtomicReference<>();
        await().atMost(Plane.SOON)
                .pollDelay(Duration.ZERO)
                .ignoreException(IllegalStateException.class)
                .until(() -> {
                    lease.set(speaker.register(key, Words.join(key, 1)).lease());
                    return lease.get() != null;
                });
        return Objects.requireNonNull(lease.get());
    }

    private Lease beaten(Speaker speaker, Lease lease, long number) {
        InstanceKey key = lease.holder();
        Said said = timed(key, () -> speaker.heartbeat(key, Words.beat(lease, number)));
        if (!said.what().equals("heard")) {
            failures.add(key + " beat: " + said);
            return lease;
        }
        heard.incrementAndGet();
        if (said.granted().base() != lease.base()) {
            moved.add(key);
        }
        return said.granted();
    }

    private interface Word {
        Said say();
    }

    private Said timed(InstanceKey key, Word word) {
        long began = System.nanoTime();
        try {
            return word.say();
        } catch (IllegalStateException silence) {
            return new Said("silence", null, key + ": " + silence.getMessage());
        } finally {
            tookNanos.add(System.nanoTime() - began);
        }
    }

    /** Waits until so many more heartbeats were taken. */
    void heardAgain(int more) {
        int before = heard.get();
        await().atMost(Plane.SOON).until(() -> heard.get() >= before + more);
    }

    int heard() {
        return heard.get();
    }

    int joined() {
        return joined.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How long answers and silences took, for people. */
    String times() {
        List<Long> sorted = tookNanos.stream().sorted().toList();
        return "half of the answers came within %d ms, 99 %% within %d ms, all within %d ms"
                .formatted(
                        sorted.get(sorted.size() / 2) / 1_000_000,
                        sorted.get(sorted.size() * 99 / 100) / 1_000_000,
                        sorted.get(sorted.size() - 1) / 1_000_000);
    }

    /** Nodes that were sent elsewhere. */
    List<InstanceKey> moved() {
        return List.copyOf(moved);
    }

    /** Waits until nobody speaks. */
    void end() throws InterruptedException {
        going.set(false);
        threads.shutdown();
        if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("somebody still waits for an answer");
        }
    }

    @Override
    public void close() {
        going.set(false);
        threads.shutdownNow();
    }
}
