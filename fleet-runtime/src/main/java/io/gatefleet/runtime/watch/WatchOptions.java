package io.gatefleet.runtime.watch;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options about watching: a mixin of the mains of services that can be watched. */
public final class WatchOptions {
    @Option(
            names = "--watch-keep-alive",
            defaultValue = "${GATEFLEET_WATCH_KEEP_ALIVE:-PT5S}",
            description = "how often a stream is told that it lives (${DEFAULT-VALUE})")
    private Duration keepAlive = WatchRules.DEFAULT.keepAlive();

    @Option(
            names = "--watch-most",
            defaultValue = "${GATEFLEET_WATCH_MOST:-1000}",
            description = "streams and long polls at the same time (${DEFAULT-VALUE})")
    private int watchers = WatchRules.DEFAULT.watchers();

    @Option(
            names = "--watch-history",
            defaultValue = "${GATEFLEET_WATCH_HISTORY:-16384}",
            description = "changes that are kept for those who come back (${DEFAULT-VALUE})")
    private int history = WatchRules.DEFAULT.history();

    @Option(
            names = "--watch-stall",
            defaultValue = "${GATEFLEET_WATCH_STALL:-PT10S}",
            description = "a stream that takes nothing for so long is cut (${DEFAULT-VALUE})")
    private Duration stall = WatchRules.DEFAULT.stall();

    /** @throws io.gatefleet.contract.BadInput if a value is out of range */
    public WatchRules rules() {
        return new WatchRules(keepAlive, watchers, history, stall);
    }
}
