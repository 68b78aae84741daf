package io.gatefleet.registry;

import io.gatefleet.contract.instance.Announcement;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * What a registry tells the other registries and the health-aggregators, in the order in which it happened. All of it waits
 * a moment for others: at ten thousand instances a message for each, to each listener, would cost more than all the rest. On
 * one event loop.
 */
final class News {
    /** How long a beat with news waits at most, in milliseconds: nothing that looks at beats looks that often. */
    static final long WAIT_MILLIS = 20;

    /** The same with time to spare: so much later is noticed who falls silent after it. */
    static final long LONGEST_MILLIS = 200;

    /** How long waits at most who comes or goes: soon its node may speak to another registry, which should know it. */
    static final long WAIT_OF_FEW_MILLIS = 5;

    /** So many go at once, so that a message stays small. */
    static final int MOST = 256;

    private final Vertx vertx;
    private Untold untold = new Untold();

    News(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What goes in one message. */
    private static final class Untold {
        final List<Announcement> news = new ArrayList<>();
        long withinMillis = Long.MAX_VALUE;
    }

    /** @param spareMillis how long it may wait though others would see it sooner: it says nothing new; 0 or more */
    void beat(Beat beat, long spareMillis) {
        within(Math.max(WAIT_MILLIS, Math.min(LONGEST_MILLIS, spareMillis)), beat);
    }

    void departed(Departure departure) {
        within(WAIT_OF_FEW_MILLIS, departure);
    }

    void joined(Remembered remembered) {
        within(WAIT_OF_FEW_MILLIS, remembered);
    }

    private void within(long millis, Announcement news) {
        Untold all = add(news);
        if (millis < all.withinMillis) {
            all.withinMillis = millis;
            vertx.setTimer(millis, elapsed -> tell(all));
        }
    }

    private Untold add(Announcement news) {
        Untold all = untold;
        all.news.add(news);
        if (all.news.size() == MOST) {
            tell(all);
        }
        return all;
    }

    private void tell(Untold told) {
        // It may have been told before, because it was full or somebody came.
        if (told == untold) {
            untold = new Untold();
            Instances.ANNOUNCED.tellAll(vertx.eventBus(), told.news);
        }
    }
}
