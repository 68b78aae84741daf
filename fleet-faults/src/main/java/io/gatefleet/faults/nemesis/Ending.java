package io.gatefleet.faults.nemesis;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** SIGTERM, for a process that has something to put in order first. */
final class Ending {
    private static final int PATIENCE_SECONDS = 90;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** From now on the JVM, told to end, waits until {@link #done} is called. */
    static Ending watched() {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(new Thread(ending::told));
        return ending;
    }

    private void told() {
        told.countDown();
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("what was to be put in order is not, after " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was told to within so many milliseconds. */
    boolean isTold(long millis) throws InterruptedException {
        return told.await(millis, TimeUnit.MILLISECONDS);
    }

    void done() {
        done.countDown();
    }
}
