package io.gatefleet.health;

import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.instance.Announcement;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.health.verdict.Transition;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The picture as it lives: hears, looks for silence, tells watchers and meters. On the event loop that owns it. */
final class Picture {
    /** Many changes that come together are settled together. */
    private static final long SETTLE_MILLIS = 50;

    /** Settling looks at the whole fleet; it takes no more than this part of the time. */
    private static final int SETTLE_PART = 20;

    private static final Logger log = LoggerFactory.getLogger(Picture.class);

    private final Vertx vertx;
    private final FleetHealth health;
    private final FleetChanges changes;
    private final SelfObservation self;
    private final HealthMeters meters;
    private long pauseMillis = SETTLE_MILLIS;
    private boolean settling;

    Picture(Vertx vertx, FleetHealth health, FleetChanges changes, SelfObservation self, HealthMeters meters) {
        this.vertx = vertx;
        this.health = health;
        this.changes = changes;
        this.self = self;
        this.meters = meters;
    }

    void heard(Announcement told) {
        if (told instanceof Remembered joined) {
            known(joined);
        } else if (told instanceof Departure departure) {
            departed(departure);
        }
        told.asBeat().ifPresent(this::heard);
    }

    private void heard(Beat beat) {
        long now = System.nanoTime();
        List<Transition> transitions = new ArrayList<>();
        health.hear(beat, now, transitions).ifPresent(meters::heard);
        told(transitions);
        look(beat.instance(), now);
    }

    /** A node's open request was opened or broke off: what that means is judged with the next tick. */
    void heard(OpenRequest request) {
        health.hear(request, System.nanoTime());
    }

    /** An instance, as a registry remembers it. */
    void known(Remembered told) {
        long now = System.nanoTime();
        health.hear(told, now);
        look(told.instance(), now);
    }

    /** Whether there are instances of which no registry told the labels. */
    boolean lacksLabels() {
        return health.lacksLabels();
    }

    private void departed(Departure departure) {
        long now = System.nanoTime();
        health.hear(departure, now);
        look(departure.instance(), now);
    }

    private void look(InstanceKey key, long now) {
        if (changes.instance(key, now) && !settling) {
            settling = true;
            vertx.setTimer(pauseMillis, due -> settle());
        }
    }

    private void settle() {
        settling = false;
        long began = System.nanoTime();
        changes.settle(began);
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        pauseMillis = Math.max(SETTLE_MILLIS, took * SETTLE_PART);
    }

    /** Notices silence, and its own trouble. */
    void tick() {
        long now = System.nanoTime();
        self.tick(now, System.currentTimeMillis());
        meters.lag(self.lagMillis());
        List<Transition> transitions = new ArrayList<>();
        health.tick(now, transitions).forEach(key -> changes.instance(key, now));
        told(transitions);
        settle();
        meters.picture(health.glance(now));
    }

    private void told(List<Transition> transitions) {
        meters.changed(transitions);
        for (Transition change : transitions) {
            log.info("{}: {} -> {} ({})", change.instance(), change.from(), change.to(), change.reason());
        }
    }
}
