package io.gatefleet.registry;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a registry tells the other registries and the health-aggregators, in the order in which it happened. What comes or goes
 * in one turn of the event loop is told together, and beats wait a moment for others: at ten thousand instances a message for
 * each, to each listener, would cost more than all the rest. On one event loop.
 */
final class News {
    /** How long a beat waits at most, in milliseconds: nothing that looks at beats looks that often. */
    static final long WAIT_MILLIS = 20;

    /** So many go at once, so that a message stays small. */
    static final int MOST = 256;

    private final Vertx vertx;
    private @Nullable Untold<?> untold;

    News(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What happened one after the other and is of one kind. */
    private static final class Untold<N> {
        final Broadcast<N> kind;
        final List<N> news = new ArrayList<>();

        Untold(Broadcast<N> kind) {
            this.kind = kind;
        }

        void tell(Vertx vertx) {
            kind.tellAll(vertx.eventBus(), news);
        }
    }

    void beat(Beat beat) {
        Untold<Beat> beats = add(Instances.BEAT, beat);
        if (beats.news.size() == 1) {
            vertx.setTimer(WAIT_MILLIS, elapsed -> tell(beats));
        }
    }

    void departed(Departure departure) {
        thisTurn(add(Instances.DEPARTED, departure));
    }

    void remembered(Remembered remembered) {
        thisTurn(add(Instances.REMEMBERED, remembered));
    }

    private void thisTurn(Untold<?> told) {
        if (told.news.size() == 1) {
            vertx.runOnContext(end -> tell(told));
        }
    }

    private <N> Untold<N> add(Broadcast<N> kind, N news) {
        Untold<N> same = ofKind(kind);
        same.news.add(news);
        if (same.news.size() == MOST) {
            tell(same);
        }
        return same;
    }

    @SuppressWarnings("unchecked") // A kind has news of its own type.
    private <N> Untold<N> ofKind(Broadcast<N> kind) {
        Untold<?> before = untold;
        if (before != null && before.kind.equals(kind)) {
            return (Untold<N>) before;
        }
        if (before != null) {
            tell(before);
        }
        Untold<N> next = new Untold<>(kind);
        untold = next;
        return next;
    }

    private void tell(Untold<?> told) {
        // It may have been told before, because it was full or something else happened.
        if (told == untold) {
            untold = null;
            told.tell(vertx);
        }
    }
}
