package io.gatefleet.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One of those who ask: says a word when the one before is answered, and remembers what it has. */
final class Caller {
    /** The next word of a caller; null when it has no more to say. */
    interface Words extends Function<Caller, @Nullable CompletionStage<?>> {}

    private final int number;
    private final List<Grant> held = new ArrayList<>();
    private final Histogram latencies = Measured.latencies();
    private int said;

    Caller(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    List<Grant> held() {
        return held;
    }

    Histogram latencies() {
        return latencies;
    }

    /** How many words this step has seen of it, beginning with 0. */
    int said() {
        return said;
    }

    void begin() {
        said = 0;
        latencies.reset();
    }

    /** Goes on until it has no more to say, its time is over, or something failed; then counts down. */
    void speak(Words words, long endNanos, AtomicReference<Throwable> failure, CountDownLatch done) {
        while (failure.get() == null) {
            long before = System.nanoTime();
            if (before - endNanos > 0) {
                break;
            }
            @Nullable CompletionStage<?> word;
            try {
                word = words.apply(this);
            } catch (RuntimeException cause) {
                failure.compareAndSet(null, cause);
                break;
            }
            if (word == null) {
                break;
            }
            CompletableFuture<?> answer = word.toCompletableFuture();
            if (!answer.isDone()) {
                word.whenComplete((result, cause) -> {
                    answered(before, cause, failure);
                    speak(words, endNanos, failure, done);
                });
                return;
            }
            // Answered already: in this loop, so that the stack does not grow.
            answered(before, answer.handle((result, cause) -> cause).join(), failure);
        }
        done.countDown();
    }

    private void answered(long before, @Nullable Throwable cause, AtomicReference<Throwable> failure) {
        if (cause == null) {
            Measured.record(latencies, System.nanoTime() - before);
            said++;
        } else {
            failure.compareAndSet(null, cause);
        }
    }
}
