package io.gatefleet.registry;

import io.gatefleet.contract.instance.Announcement;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.BookPage;
import io.gatefleet.contract.instance.BookQuestion;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.registry.instance.Hearing;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.cluster.Books;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other registries: each keeps the whole book, and hears what the others hear. News may be lost, so a word of somebody
 * who is not in the book makes this one read another's again. On the event loop that owns the book.
 */
final class Peers {
    private static final int PAGE = 500;
    private static final long READ_AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    private final Vertx vertx;
    private final Membership membership;
    private final InstanceBook book;
    private final Learning learning;
    private final LongSupplier nanoTime;
    private @Nullable Long readAt;

    Peers(Vertx vertx, Membership membership, InstanceBook book, Learning learning, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.membership = membership;
        this.book = book;
        this.learning = learning;
        this.nanoTime = nanoTime;
    }

    /** Hears the others, reads one's book, and answers those who come later. Done when the book is as good as it gets. */
    Future<?> join(BusDesk bus) {
        if (membership == Membership.ALONE) {
            return Future.succeededFuture();
        }
        // First the news, then the book: what happens between the two is not missed.
        return bus.hear(Instances.ANNOUNCED, this::heard)
                .compose(hearing -> read())
                .compose(read -> bus.serve(Instances.book(membership.id()), this::page));
    }

    private Future<BookPage> page(BookQuestion question) {
        List<Remembered> page = book.remembered(question.after(), PAGE, nanoTime.getAsLong());
        return Future.succeededFuture(new BookPage(page, page.size() == PAGE, !learning.isOver()));
    }

    private void heard(Announcement told) {
        if (told instanceof Remembered joined) {
            book.learn(joined, nanoTime.getAsLong());
        } else if (told instanceof Beat beat) {
            heard(beat);
        } else if (told instanceof Departure departure) {
            departed(departure);
        }
    }

    private void heard(Beat beat) {
        InstanceKey key = beat.instance();
        Hearing hearing = book.hear(key, beat.heartbeat(), nanoTime.getAsLong());
        if (hearing instanceof Hearing.Taken) {
            book.renewed(key, beat.heartbeat().incarnation(), beat.heartbeat().lease());
        } else if (hearing instanceof Hearing.Refused
                && book.find(key, nanoTime.getAsLong()).isEmpty()) {
            long now = nanoTime.getAsLong();
            if (readAt == null || now - readAt > READ_AGAIN_AFTER_NANOS) {
                read();
            }
        }
    }

    private void departed(Departure departure) {
        book.leave(departure.instance(), departure.incarnation(), departure.portsClosed(), nanoTime.getAsLong());
    }

    /** Never fails: nodes fill an empty book, too. */
    private Future<Void> read() {
        readAt = nanoTime.getAsLong();
        List<String> others = membership.others(RegistryVerticle.SERVICE);
        return Books.read(vertx.eventBus(), others, told -> book.learn(told, nanoTime.getAsLong()))
                .onSuccess(whole -> {
                    if (whole) {
                        learning.whole();
                    } else if (!others.isEmpty()) {
                        log.warn("no other registry knows the fleet; the book fills as nodes speak");
                    }
                })
                .mapEmpty();
    }
}
