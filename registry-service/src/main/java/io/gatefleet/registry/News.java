package io.gatefleet.registry;

import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * What a registry tells the other registries and the health-aggregators, in the order in which it happened. Beats wait a
 * moment for others: at ten thousand instances a message for each, to each listener, would cost more than all the rest. On
 * one event loop.
 */
final class News {
    /** How long a beat waits at most, in milliseconds: nothing that looks at beats looks that often. */
    static final long WAIT_MILLIS = 20;

    /** So many go at once, so that a message stays small. */
    static final int MOST = 256;

    private final Vertx vertx;
    private final List<Beat> beats = new ArrayList<>();
    private long timer = -1;

    News(Vertx vertx) {
        this.vertx = vertx;
    }

    void beat(Beat beat) {
        beats.add(beat);
        if (beats.size() >= MOST) {
            tellBeats();
        } else if (timer < 0) {
            timer = vertx.setTimer(WAIT_MILLIS, elapsed -> tellBeats());
        }
    }

    void departed(Departure departure) {
        tellBeats();
        Instances.DEPARTED.tell(vertx.eventBus(), departure);
    }

    void remembered(Remembered remembered) {
        tellBeats();
        Instances.REMEMBERED.tell(vertx.eventBus(), remembered);
    }

    private void tellBeats() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        if (!beats.isEmpty()) {
            Instances.BEAT.tellAll(vertx.eventBus(), List.copyOf(beats));
            beats.clear();
        }
    }
}
