package io.gatefleet.health;

import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.WatchEvent;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.runtime.watch.Feed;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The picture, as its watchers see it. */
final class FleetFeed implements Feed<FleetItem> {
    private final FleetChanges changes;
    private final Supplier<?> observer;
    private final LongSupplier nanoTime;

    FleetFeed(FleetChanges changes, Supplier<?> observer, LongSupplier nanoTime) {
        this.changes = changes;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    @Override
    public ChangeLog<FleetItem> log() {
        return changes.log();
    }

    @Override
    public List<WatchEvent<FleetItem>> snapshot() {
        return changes.snapshot(nanoTime.getAsLong());
    }

    @Override
    public Object observer() {
        return observer.get();
    }
}
