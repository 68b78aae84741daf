package io.gatefleet.bench.load;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * A lease service as its clients reach it. Each caller has one word under way at a time, and speaks for a lease to its
 * end; callers may come on different threads.
 */
public interface Door extends AutoCloseable {
    /** Where a caller's first word is said; its answers may come on any thread. */
    Executor thread(int caller);

    /** Gets a free range in the pool of the seat's host. */
    CompletionStage<Grant> acquire(int caller, Seat seat);

    /** Says that the seat still wants its range. */
    CompletionStage<?> renew(int caller, Grant grant);

    /** Gives the range back, for others to have at once. */
    CompletionStage<?> release(int caller, Grant grant);

    @Override
    void close() throws TimeoutException;
}
