package io.gatefleet.runtime.watch;

import io.gatefleet.contract.watch.Revision;
import io.gatefleet.contract.watch.WatchEvent;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All there was at one revision, in pages that are written as they are asked for. Many can read the same one: whoever comes
 * within a moment of another gets its pages, and the changes since.
 */
final class Snapshot<T> {
    private static final int PAGE_ITEMS = 200;
    private static final int PAGE_BYTES = 64 * 1024;

    private final Revision revision;
    private final List<WatchEvent<T>> events;
    private final long takenAt;
    private final List<Buffer> pages = new ArrayList<>();
    private int written;

    Snapshot(Revision revision, List<WatchEvent<T>> events, long takenAt) {
        this.revision = revision;
        this.events = events;
        this.takenAt = takenAt;
    }

    Revision revision() {
        return revision;
    }

    long takenAt() {
        return takenAt;
    }

    /** The part of it that somebody asked for. */
    Snapshot<T> of(Predicate<? super T> wanted) {
        List<WatchEvent<T>> some = events.stream()
                .filter(event -> event.item() != null && wanted.test(event.item()))
                .toList();
        return new Snapshot<>(revision, some, takenAt);
    }

    boolean has(int page) {
        return page < pages.size() || written < events.size();
    }

    /** The pages are to be asked for in their order, each after {@link #has} said that there is one. */
    Buffer page(int page) {
        if (page == pages.size()) {
            pages.add(write());
        }
        return pages.get(page);
    }

    private Buffer write() {
        Buffer out = Buffer.buffer("event: snapshot\ndata: {\"items\":[");
        int end = Math.min(events.size(), written + PAGE_ITEMS);
        String between = "";
        while (written < end && out.length() < PAGE_BYTES) {
            out.appendString(between).appendBytes(EventText.bytes(events.get(written)));
            between = ",";
            written++;
        }
        return out.appendString("]}\n\n");
    }
}
