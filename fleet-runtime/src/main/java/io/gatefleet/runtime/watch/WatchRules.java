package io.gatefleet.runtime.watch;

import io.gatefleet.contract.BadInput;
import java.time.Duration;

/**
 * How much watching a service allows.
 *
 * @param keepAlive how often a stream is told that it lives, 100 ms to 30 s
 * @param watchers streams and long polls at the same time, 1 to 100,000
 * @param history changes that are kept for those who come back, 1 to 1,000,000
 * @param stall a stream that takes nothing for so long is cut, 100 ms to 5 min
 */
public record WatchRules(Duration keepAlive, int watchers, int history, Duration stall) {
    public static final WatchRules DEFAULT =
            new WatchRules(Duration.ofSeconds(5), 1000, 16_384, Duration.ofSeconds(10));

    public WatchRules {
        if (keepAlive.toMillis() < 100 || keepAlive.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new BadInput("keepAlive", keepAlive, "100 ms to 30 s");
        }
        if (watchers < 1 || watchers > 100_000) {
            throw new BadInput("watchers", watchers, "1 to 100000");
        }
        if (history < 1 || history > 1_000_000) {
            throw new BadInput("history", history, "1 to 1000000");
        }
        if (stall.toMillis() < 100 || stall.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new BadInput("stall", stall, "100 ms to 5 min");
        }
    }
}
