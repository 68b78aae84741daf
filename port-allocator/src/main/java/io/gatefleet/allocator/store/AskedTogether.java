package io.gatefleet.allocator.store;

import io.gatefleet.runtime.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the ledgers of one partition. One operation is under way at a time; what is asked meanwhile goes with the
 * next one, all together and in order. So a busy partition needs few operations, and a lone caller waits for nobody. Any
 * thread.
 */
final class AskedTogether {
    /** The most room that the commands of one operation take. */
    static final int MOST = 128;

    /** Whoever asked has given up by then; to do it now would surprise. */
    static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final String WHAT = "The ledger";
    private static final int RETRY_AFTER_MILLIS = 1_000;

    private final Queue<Asked<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final Function<List<Asked<?>>, CompletionStage<List<LedgerAnswer>>> operation;
    private final LongSupplier nanoTime;

    /** @param operation does them all, and answers each in its place; may fail for all of them */
    AskedTogether(Function<List<Asked<?>>, CompletionStage<List<LedgerAnswer>>> operation, LongSupplier nanoTime) {
        this.operation = operation;
        this.nanoTime = nanoTime;
    }

    void add(Asked<?> asked) {
        waiting.add(asked);
        next();
    }

    private void next() {
        // Again after each look: somebody may have been added while this thread was still under way.
        while (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
            List<Asked<?>> together = take();
            if (together.isEmpty()) {
                underWay.set(false);
                continue;
            }
            start(together)
                    .whenCompleteAsync(
                            (answers, cause) -> {
                                underWay.set(false);
                                next();
                                answer(together, answers, cause);
                            },
                            Runnable::run);
        }
    }

    private CompletionStage<List<LedgerAnswer>> start(List<Asked<?>> together) {
        try {
            return operation.apply(together);
        } catch (RuntimeException cause) {
            // A minority is told at once, by the thread that asks.
            return CompletableFuture.failedFuture(cause);
        }
    }

    /** From the head of the queue; only by who is under way. */
    private List<Asked<?>> take() {
        List<Asked<?>> together = new ArrayList<>();
        long now = nanoTime.getAsLong();
        int room = MOST;
        for (Asked<?> first = waiting.peek(); first != null; first = waiting.peek()) {
            if (now - first.since() > STALE_NANOS) {
                waiting.remove();
                first.promise().fail(new Unavailable(WHAT, RETRY_AFTER_MILLIS, null));
                continue;
            }
            room -= first.weight();
            if (room < 0 && !together.isEmpty()) {
                break;
            }
            together.add(waiting.remove());
        }
        return together;
    }

    private static void answer(
            List<Asked<?>> together, @Nullable List<LedgerAnswer> answers, @Nullable Throwable cause) {
        for (int i = 0; i < together.size(); i++) {
            if (answers == null) {
                together.get(i).promise().fail(cause);
            } else {
                together.get(i).answer(answers.get(i));
            }
        }
    }
}
