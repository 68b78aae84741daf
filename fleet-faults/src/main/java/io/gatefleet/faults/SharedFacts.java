package io.gatefleet.faults;

import io.gatefleet.contract.host.HostFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host's nodes see of it, read once for all who ask while one reading is under way: that costs tens of milliseconds
 * where thousands of guards stand. Nobody is given a reading that began before it asked. Any thread; blocks.
 */
public final class SharedFacts implements Supplier<HostFacts> {
    private final Supplier<HostFacts> reading;

    /** Held by who reads. */
    private final ReentrantLock reads = new ReentrantLock();

    /** The reading that has not begun yet; null while nobody waits for one. */
    private @Nullable CompletableFuture<HostFacts> next;

    public SharedFacts(Supplier<HostFacts> reading) {
        this.reading = reading;
    }

    @Override
    public HostFacts get() {
        CompletableFuture<HostFacts> mine;
        boolean first;
        synchronized (this) {
            first = next == null;
            if (next == null) {
                next = new CompletableFuture<>();
            }
            mine = next;
        }
        if (first) {
            read(mine);
        }
        return mine.join();
    }

    private void read(CompletableFuture<HostFacts> mine) {
        reads.lock();
        try {
            synchronized (this) {
                // Whoever asks from here on waits for the one after.
                next = null;
            }
            mine.complete(reading.get());
        } catch (RuntimeException unreadable) {
            mine.completeExceptionally(unreadable);
        } finally {
            reads.unlock();
        }
    }
}
