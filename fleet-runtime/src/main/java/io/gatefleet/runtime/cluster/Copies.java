package io.gatefleet.runtime.cluster;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a member knows of the copies of the shared state, and since when by its own monotonic clock. What it knows is
 * believed for a few looks only: a process that stood still wakes up with all that it knew and does not know that the others
 * went on without it; and one whose question is not answered knows no more than that.
 */
final class Copies {
    /** A look is late by this much on a busy machine and no reason for alarm; the others remove who is silent for 10 s. */
    static final long OLDEST_NANOS = TimeUnit.SECONDS.toNanos(3);

    /**
     * Who wakes up may be asked before it hears that the others removed it, and finds its own world in order: two of their
     * heartbeats, 2 s each, must have had time to come.
     */
    static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final LongSupplier nanoTime;
    private volatile @Nullable Look last;

    /** Of the looking thread alone: when it began to look again after a pause; null: there was none. */
    private @Nullable Long awakeSince;

    private volatile boolean looking;

    /** Of the look that is under way. */
    private volatile boolean settled = true;

    Copies(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param begun when it was asked, not when it was answered: the answer may be from before a pause */
    private record Look(long begun, boolean safe, boolean settled) {}

    /** Begins a look; empty while one is under way. Called by one thread. */
    Optional<Long> look() {
        if (looking) {
            return Optional.empty();
        }
        looking = true;
        long now = nanoTime.getAsLong();
        Look before = last;
        if (before != null && now - before.begun() > OLDEST_NANOS) {
            awakeSince = now;
        }
        Long awake = awakeSince;
        settled = awake == null || now - awake >= SETTLED_NANOS;
        return Optional.of(now);
    }

    /** Ends it, from any thread. */
    void seen(long begun, boolean safe) {
        last = new Look(begun, safe, settled);
        looking = false;
    }

    /** Why this member should be given no work, in one sentence. */
    Optional<String> trouble() {
        Look known = last;
        if (known == null) {
            return Optional.of("the copies of the shared state were not looked at yet");
        }
        long age = nanoTime.getAsLong() - known.begun();
        if (age > OLDEST_NANOS) {
            return Optional.of(
                    "not heard from the keepers of copies for %d ms: this process stood still, or they do not answer"
                            .formatted(TimeUnit.NANOSECONDS.toMillis(age)));
        }
        if (known.safe() && !known.settled()) {
            return Optional.of("this process stood still, and waits to hear what became of it meanwhile");
        }
        return known.safe()
                ? Optional.empty()
                : Optional.of("copies of the shared state are being made; a member came or went");
    }
}
