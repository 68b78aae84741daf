package io.gatefleet.faults;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.node.port.Kernel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Several callers of one host, each with a thread of its own, that live again and again until they are told to end. */
public final class GuardedCallers implements AutoCloseable {
    private final List<GuardedCaller> callers = new ArrayList<>();
    private final List<Future<?>> calls = new ArrayList<>();
    private final ExecutorService threads;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicLong lived = new AtomicLong();

    /**
     * @param name begins the name of each instance and of each journal
     * @param journals the directory that gets one journal of each
     */
    public GuardedCallers(int count, String name, HostId host, HttpClient client, List<URI> registries, Path journals)
            throws IOException {
        threads = Executors.newFixedThreadPool(count);
        SharedFacts facts = new SharedFacts(() -> Kernel.facts(Set.of()));
        for (int i = 0; i < count; i++) {
            InstanceKey key = new InstanceKey(host, new InstanceId(name + "-" + i));
            GuardedCaller caller = new GuardedCaller(client, registries, key, facts, journals);
            callers.add(caller);
            calls.add(threads.submit(() -> {
                while (going.get()) {
                    caller.live();
                    lived.incrementAndGet();
                }
                return true;
            }));
        }
    }

    /** Lives from the first word to the last, of all together. */
    public long lived() {
        return lived.get();
    }

    /** Waits until each has ended the life that it is in and written it down; fails as the first of them that failed. */
    public void end() throws ExecutionException, InterruptedException, TimeoutException {
        going.set(false);
        for (Future<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }
        callers.forEach(GuardedCaller::close);
    }

    /** How often somebody else's guard stood where one of them was sent. Asked after the end, as the next one is. */
    public int refusedGuards() {
        return callers.stream().mapToInt(GuardedCaller::refusedGuards).sum();
    }

    /** The slowest life of all. */
    public Duration slowest() {
        return callers.stream()
                .map(GuardedCaller::slowest)
                .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** At once. */
    @Override
    public void close() {
        going.set(false);
        threads.shutdownNow();
        callers.forEach(GuardedCaller::close);
    }
}
