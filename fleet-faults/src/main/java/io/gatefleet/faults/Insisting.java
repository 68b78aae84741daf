package io.gatefleet.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Says a word again and again until it is taken, as nodes do: on a busy machine, or while a member is away, an answer can be late. */
public final class Insisting {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration AGAIN = Duration.ofMillis(50);

    private Insisting() {}

    /** What may be said twice. */
    public interface Word {
        /** @throws IllegalStateException with the answer if it was a refusal */
        void say() throws Exception;
    }

    /** Blocks, for 90 s at most. */
    public static void on(Word word) {
        Callable<Boolean> said = () -> {
            word.say();
            return true;
        };
        await().atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(AGAIN)
                .ignoreException(IllegalStateException.class)
                .until(said);
    }
}
