package io.gatefleet.runtime.watch;

import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.WatchEvent;
import java.util.List;

/** What can be watched. Asked on the event loop that owns it. */
public interface Feed<T> {
    ChangeLog<T> log();

    /** All things as they are at the log's revision, in a fixed order; each with an item. */
    List<WatchEvent<T>> snapshot();

    /** How well the one who tells sees; told to everybody again and again, and never a change. Written as JSON. */
    Object observer();
}
