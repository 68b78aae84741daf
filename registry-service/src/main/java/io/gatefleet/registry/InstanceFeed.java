package io.gatefleet.registry;

import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.WatchEvent;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.registry.instance.InstanceFilter;
import io.gatefleet.runtime.watch.Feed;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The book, as its watchers see it. */
final class InstanceFeed implements Feed<InstanceView> {
    private static final String KNOWN = "known";

    private final InstanceBook book;
    private final ChangeLog<InstanceView> log;
    private final LongSupplier nanoTime;
    private final Supplier<?> observer;

    InstanceFeed(InstanceBook book, ChangeLog<InstanceView> log, LongSupplier nanoTime, Supplier<?> observer) {
        this.book = book;
        this.log = log;
        this.nanoTime = nanoTime;
        this.observer = observer;
    }

    @Override
    public ChangeLog<InstanceView> log() {
        return log;
    }

    @Override
    public List<WatchEvent<InstanceView>> snapshot() {
        return book.list(InstanceFilter.ALL, nanoTime.getAsLong()).stream()
                .map(view -> new WatchEvent<>(KNOWN, view.key().toString(), view, 0))
                .toList();
    }

    @Override
    public Object observer() {
        return observer.get();
    }
}
