package io.gatefleet.cli.fleet;

import java.time.Duration;

/** How long to wait before a node that ended is started again: longer each time, until one lived for a minute. Pure. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONG_LIFE = Duration.ofMinutes(1);

    private int shortLives;

    /** @param lived how long the one that ended had lived */
    Duration after(Duration lived) {
        if (lived.compareTo(LONG_LIFE) >= 0) {
            shortLives = 0;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(shortLives, 10));
        shortLives++;
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
