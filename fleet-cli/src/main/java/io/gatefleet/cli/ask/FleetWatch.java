package io.gatefleet.cli.ask;

import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import io.gatefleet.cli.ask.ServerEvents.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a fleet until it is interrupted, by the aggregator's events: goes on where it was when it is cut off, and from a
 * new snapshot where that is not known any more.
 */
public final class FleetWatch {
    /** No aggregator is silent for longer. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(35);

    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(3);
    private static final int ALIVES = 3;
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Changes that come together are shown together. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final int MOST_DOUBLINGS = 6;

    private final FleetClient client;
    private final String path;
    private final LiveFleet fleet = new LiveFleet();
    private String lastId = "";
    private long patienceNanos = FIRST_PATIENCE.toNanos();
    private @Nullable Long aliveAt;

    /** Somebody who is shown the fleet. */
    public interface Viewer {
        /**
         * @param changed false: a second went by, and only ages are others
         * @param trouble empty, or why the picture may be old
         */
        void see(LiveFleet fleet, boolean changed, String trouble);
    }

    /** @param path of the events, with its query */
    public FleetWatch(FleetClient client, String path) {
        this.client = client;
        this.path = path;
    }

    /**
     * Shows the fleet to a viewer again and again. Returns only where the service is of a version that has no events, and
     * then at once.
     *
     * @throws CannotGoOn if nobody answers the first time, or whoever answers refuses
     * @throws InterruptedException which is how it ends
     */
    public void run(Viewer viewer) throws InterruptedException {
        int failures = 0;
        while (true) {
            String trouble;
            try {
                Optional<ServerEvents> stream = client.events(Service.HEALTH, path, lastId);
                if (stream.isEmpty()) {
                    return;
                }
                failures = 0;
                try (ServerEvents events = stream.get()) {
                    trouble = listen(events, viewer);
                }
            } catch (CannotGoOn refused) {
                // Before the first picture there is nothing to go on with, and who may not look may not look on.
                if (!fleet.isWhole() || refused.exitCode() == Exit.NO) {
                    throw refused;
                }
                trouble = String.valueOf(refused.getMessage());
            }
            failures++;
            if (fleet.isWhole()) {
                viewer.see(fleet, true, "connection lost (%s); trying again".formatted(trouble));
            }
            pause(failures);
        }
    }

    /** @return why it ended */
    private String listen(ServerEvents events, Viewer viewer) throws InterruptedException {
        fleet.connected();
        aliveAt = null;
        long heardAt = System.nanoTime();
        long shownAt = heardAt - TICK.toNanos();
        // Whoever was told of trouble is told that it is over.
        boolean news = fleet.isWhole();
        try {
            while (true) {
                Event event = events.next(news ? TOGETHER : TICK);
                long now = System.nanoTime();
                if (event != null) {
                    heardAt = now;
                    news |= take(event, now);
                } else if (now - heardAt > patienceNanos) {
                    return "nothing is heard any more";
                }
                boolean tick = now - shownAt >= TICK.toNanos();
                if (fleet.isWhole() && (tick || (news && event == null))) {
                    viewer.see(fleet, news, "");
                    shownAt = now;
                    news = false;
                }
            }
        } catch (IOException ended) {
            return String.valueOf(ended.getMessage());
        }
    }

    private boolean take(Event event, long now) {
        if (event.type().equals("alive")) {
            Long before = aliveAt;
            if (before != null) {
                patienceNanos = Math.max(LEAST_PATIENCE.toNanos(), ALIVES * (now - before));
            }
            aliveAt = now;
        }
        boolean news = fleet.take(event, now);
        if (!event.id().isEmpty()) {
            lastId = event.id();
        }
        return news;
    }

    private static void pause(int failures) throws InterruptedException {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, 250L << Math.min(failures - 1, MOST_DOUBLINGS));
        // Many lose the same service at the same moment.
        TimeUnit.MILLISECONDS.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
