package io.gatefleet.runtime.watch;

import io.gatefleet.contract.watch.Change;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.contract.watch.WatchEvent;
import io.gatefleet.runtime.Routes;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One stream of server-sent events. It keeps no queue: it remembers how far it has told the log, and goes on when the client
 * takes more. So a slow client costs the bytes of one write, and is cut when the log has moved on without it.
 */
final class EventStream<T> implements Watcher {
    private static final int WRITE_BYTES = 32 * 1024;
    private static final int QUEUE_BYTES = 64 * 1024;

    /** What all streams of a desk share. */
    record Source<T>(Feed<T> feed, EventText<T> text, WatchRules rules, WatchMeters meters, LongSupplier nanoTime) {}

    private final Source<T> source;
    private final Context context;
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Predicate<? super T> wanted;
    private final Runnable onEnd;
    private @Nullable Snapshot<T> snapshot;
    private int page;
    private long told;
    private @Nullable Long fullSince;
    private boolean turnTaken;
    private boolean ended;

    /** @param onEnd is called once, whoever ends it */
    EventStream(Source<T> source, Context context, RoutingContext ctx, Predicate<? super T> wanted, Runnable onEnd) {
        this.source = source;
        this.context = context;
        this.ctx = ctx;
        this.response = ctx.response();
        this.wanted = wanted;
        this.onEnd = onEnd;
    }

    /** Begins with all there is. */
    void begin(Snapshot<T> all, long retryMillis) {
        snapshot = all;
        told = all.revision().number();
        open(retryMillis);
    }

    /** Goes on after a revision since which everything is known. */
    void resume(Revision since, long retryMillis) {
        told = since.number();
        open(retryMillis);
    }

    private void open(long retryMillis) {
        response.setWriteQueueMaxSize(QUEUE_BYTES);
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.closeHandler(gone -> finish());
        response.exceptionHandler(gone -> finish());
        response.drainHandler(room -> {
            fullSince = null;
            pump();
        });
        write(Buffer.buffer("retry: " + retryMillis + "\n\n"));
        pump();
    }

    @Override
    public void pump() {
        if (turnTaken) {
            return;
        }
        while (!ended && !full()) {
            Snapshot<T> rest = snapshot;
            if (rest == null) {
                if (!tellChanges()) {
                    return;
                }
            } else if (rest.has(page)) {
                write(rest.page(page++));
                // Others have their turn between the pages of a large fleet.
                turnTaken = true;
                context.runOnContext(next -> {
                    turnTaken = false;
                    pump();
                });
                return;
            } else {
                snapshot = null;
                page = 0;
                Buffer end = Buffer.buffer();
                EventText.append(end, "synced", rest.revision(), source.feed().observer());
                write(end);
            }
        }
    }

    /** @return whether there may be more */
    private boolean tellChanges() {
        ChangeLog<T> log = source.feed().log();
        if (!log.knowsAllSince(log.at(told))) {
            cut(WatchMeters.Cut.COMPACTED, "cut: too far behind; come back for what is still known, or for a snapshot");
            return false;
        }
        Buffer out = Buffer.buffer();
        long now = source.nanoTime().getAsLong();
        int count = 0;
        Change<T> change = log.next(told);
        while (change != null) {
            Optional<WatchEvent<T>> event = change.seenBy(wanted, now);
            if (event.isPresent()) {
                source.text().append(out, change, event.get(), log.at(change.number()));
                count++;
            }
            told = change.number();
            if (out.length() >= WRITE_BYTES) {
                break;
            }
            change = log.next(told);
        }
        if (count > 0) {
            source.meters().told(count);
            write(out);
        }
        return change != null;
    }

    @Override
    public void alive() {
        if (ended) {
            return;
        }
        if (full()) {
            Long since = fullSince;
            if (since != null
                    && source.nanoTime().getAsLong() - since
                            > source.rules().stall().toNanos()) {
                cut(WatchMeters.Cut.STALLED, "cut: nothing was taken for too long");
            }
            return;
        }
        if (snapshot != null) {
            return;
        }
        // With the revision: whoever asked for few things comes back after a long silence and is not told that he is
        // late.
        Buffer out = Buffer.buffer();
        EventText.append(
                out, "alive", source.feed().log().at(told), source.feed().observer());
        write(out);
    }

    @Override
    public void recheck() {
        if (!ended && !Routes.isStillAdmitted(ctx)) {
            cut(WatchMeters.Cut.NOT_ADMITTED, "cut: the token does not count any more");
        }
    }

    @Override
    public void end() {
        if (!ended) {
            response.end(EventText.comment("the service stops; come back, to another of its kind if there is one"));
            finish();
        }
    }

    private boolean full() {
        boolean full = response.writeQueueFull();
        if (full && fullSince == null) {
            fullSince = source.nanoTime().getAsLong();
        } else if (!full) {
            fullSince = null;
        }
        return full;
    }

    private void write(Buffer out) {
        response.write(out);
        full();
    }

    private void cut(WatchMeters.Cut why, String comment) {
        source.meters().cut(why);
        // It may still be read by somebody who is only slow; what is left of it is not waited for.
        response.write(EventText.comment(comment));
        finish();
        response.reset();
    }

    private void finish() {
        if (!ended) {
            ended = true;
            snapshot = null;
            onEnd.run();
        }
    }
}
