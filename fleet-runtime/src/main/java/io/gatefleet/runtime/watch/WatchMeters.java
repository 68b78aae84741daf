package io.gatefleet.runtime.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What there is to measure about watching. */
final class WatchMeters {
    /** Why the service ended a stream. */
    enum Cut {
        /** It took nothing for too long. */
        STALLED,
        /** What it has not read yet had to make room. */
        COMPACTED,
        /** Its token does not count any more. */
        NOT_ADMITTED
    }

    /** Scraped from another thread than the streams'. */
    private final AtomicInteger streams = new AtomicInteger();

    private final AtomicInteger polls = new AtomicInteger();
    private final Map<Cut, Counter> cut = new EnumMap<>(Cut.class);
    private final Counter events;
    private final Counter compacted;
    private final Counter tooMany;

    WatchMeters(MeterRegistry meters) {
        gauge(meters, "stream", streams);
        gauge(meters, "poll", polls);
        for (Cut why : Cut.values()) {
            cut.put(
                    why,
                    Counter.builder("gatefleet.watch.cut")
                            .description("Streams that the service ended, by why")
                            .tag(
                                    "why",
                                    why.name()
                                            .toLowerCase(java.util.Locale.ROOT)
                                            .replace('_', '-'))
                            .register(meters));
        }
        events = Counter.builder("gatefleet.watch.events")
                .description("Events that watchers were told, those of snapshots not counted")
                .register(meters);
        compacted = refused(meters, "compacted");
        tooMany = refused(meters, "too-many-watchers");
    }

    private static void gauge(MeterRegistry meters, String via, AtomicInteger count) {
        Gauge.builder("gatefleet.watch.watchers", count, AtomicInteger::get)
                .description("Who watches now")
                .tag("via", via)
                .register(meters);
    }

    private static Counter refused(MeterRegistry meters, String code) {
        return Counter.builder("gatefleet.watch.refused")
                .description("Watchers that were sent away, by code")
                .tag("code", code)
                .register(meters);
    }

    void watchers(int nowStreams, int nowPolls) {
        streams.set(nowStreams);
        polls.set(nowPolls);
    }

    void cut(Cut why) {
        Counter counter = cut.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    void told(int count) {
        events.increment(count);
    }

    void compacted() {
        compacted.increment();
    }

    void tooMany() {
        tooMany.increment();
    }
}
