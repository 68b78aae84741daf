package io.gatefleet.runtime.watch;

import io.gatefleet.contract.watch.Change;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.contract.watch.WatchEvent;
import io.gatefleet.contract.watch.WatchPage;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One question that waits for news. Answered with the next ones, or with none when its time is over. */
final class LongPoll<T> implements Watcher {
    private static final int MOST = 1000;

    private final EventStream.Source<T> source;
    private final RoutingContext ctx;
    private final Predicate<? super T> wanted;
    private final Runnable onEnd;
    private long told;
    private boolean ended;

    /** @param onEnd is called once, when it is answered or gone */
    LongPoll(
            EventStream.Source<T> source,
            RoutingContext ctx,
            Predicate<? super T> wanted,
            Revision since,
            Runnable onEnd) {
        this.source = source;
        this.ctx = ctx;
        this.wanted = wanted;
        this.told = since.number();
        this.onEnd = onEnd;
        ctx.response().closeHandler(gone -> finish());
    }

    @Override
    public void pump() {
        ChangeLog<T> log = source.feed().log();
        if (ended) {
            return;
        }
        // Woken with each change, it is never behind; the log may still be shorter than what one turn brings.
        if (!log.knowsAllSince(log.at(told))) {
            finish();
            source.meters().compacted();
            HttpEdge.problem(ctx, WatchDesk.compacted(log.revision()));
            return;
        }
        List<WatchEvent<T>> news = new ArrayList<>();
        long now = source.nanoTime().getAsLong();
        for (Change<T> change = log.next(told); change != null && news.size() < MOST; change = log.next(told)) {
            change.seenBy(wanted, now).ifPresent(news::add);
            told = change.number();
        }
        if (!news.isEmpty()) {
            source.meters().told(news.size());
            answer(news);
        }
    }

    /** The time is over. */
    void timeout() {
        if (!ended) {
            answer(List.of());
        }
    }

    @Override
    public void alive() {
        // It is answered before the connection looks idle.
    }

    @Override
    public void recheck() {
        if (!ended && !Routes.isStillAdmitted(ctx)) {
            finish();
            Routes.turnAway(ctx);
        }
    }

    @Override
    public void end() {
        timeout();
    }

    private void answer(List<WatchEvent<T>> news) {
        finish();
        HttpEdge.send(
                ctx,
                200,
                new WatchPage<>(
                        news, source.feed().log().at(told), source.feed().observer()));
    }

    private void finish() {
        if (!ended) {
            ended = true;
            onEnd.run();
        }
    }
}
