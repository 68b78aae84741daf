package io.gatefleet.runtime.watch;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.runtime.HttpEdge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a service's watchers come. Answers {@code GET} with a stream of server-sent events, or with {@code wait} as a long
 * poll; both from {@code index} on, or a stream from {@code Last-Event-ID} on. On the event loop that owns the feed.
 */
public final class WatchDesk<T> {
    /** Below the time after which the HTTP edge takes a connection for idle. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

    private static final long SNAPSHOT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int RETRY_MILLIS = 1000;
    private static final int RETRY_SECONDS_WHEN_FULL = 5;
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Vertx vertx;
    private final Context context;
    private final WatchRules rules;
    private final WatchMeters meters;
    private final EventStream.Source<T> source;
    private final Random random = new Random();
    private final Set<Watcher> streams = new LinkedHashSet<>();
    private final Set<Watcher> polls = new LinkedHashSet<>();
    private @Nullable Snapshot<T> latest;
    private boolean awake;
    private boolean closed;

    /** To be made on the event loop that owns the feed. */
    public WatchDesk(Vertx vertx, Feed<T> feed, WatchRules rules, MeterRegistry registry, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.rules = rules;
        this.meters = new WatchMeters(registry);
        this.source = new EventStream.Source<>(feed, new EventText<>(), rules, meters, nanoTime);
        feed.log().onChange(this::wake);
        vertx.setPeriodic(rules.keepAlive().toMillis(), tick -> {
            latest = null;
            List.copyOf(streams).forEach(Watcher::alive);
        });
    }

    /**
     * Answers one who wants to watch.
     *
     * @param filter makes what is wanted of the query
     * @param filters names of the query parameters that {@code filter} reads
     */
    public void watch(RoutingContext ctx, Function<RoutingContext, Predicate<T>> filter, String... filters) {
        HttpEdge.onlyParameters(
                ctx,
                Stream.concat(Stream.of("index", "wait"), Stream.of(filters)).toArray(String[]::new));
        Optional<Duration> wait = HttpEdge.parameter(ctx, "wait").map(WatchDesk::wait);
        Optional<Revision> since = since(ctx);
        Predicate<T> wanted = filter.apply(ctx);
        if (wait.isPresent() && since.isEmpty()) {
            throw new BadInput("index", "absent", "the revision of a list, or of the answer before");
        }
        if (since.isPresent() && !source.feed().log().knowsAllSince(since.get())) {
            meters.compacted();
            HttpEdge.problem(ctx, compacted(source.feed().log().revision()));
            return;
        }
        if (closed || streams.size() + polls.size() >= rules.watchers()) {
            meters.tooMany();
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS_WHEN_FULL));
            HttpEdge.problem(ctx, tooMany());
            return;
        }
        if (wait.isPresent() && since.isPresent()) {
            poll(ctx, wanted, since.get(), wait.get());
        } else {
            stream(ctx, wanted, filters, since);
        }
    }

    private void stream(RoutingContext ctx, Predicate<T> wanted, String[] filters, Optional<Revision> since) {
        Watcher[] self = new Watcher[1];
        EventStream<T> stream = new EventStream<>(source, context, ctx, wanted, () -> {
            streams.remove(self[0]);
            counted();
        });
        self[0] = stream;
        streams.add(stream);
        counted();
        // Whoever was cut off together does not come back together.
        long retryMillis = (long) RETRY_MILLIS + random.nextInt(RETRY_MILLIS);
        if (since.isPresent()) {
            stream.resume(since.get(), retryMillis);
        } else {
            boolean all =
                    Stream.of(filters).allMatch(name -> ctx.queryParam(name).isEmpty());
            stream.begin(all ? snapshot() : snapshot().of(wanted), retryMillis);
        }
    }

    private void poll(RoutingContext ctx, Predicate<T> wanted, Revision since, Duration wait) {
        Watcher[] self = new Watcher[1];
        long[] timer = {-1};
        LongPoll<T> poll = new LongPoll<>(source, ctx, wanted, since, () -> {
            polls.remove(self[0]);
            vertx.cancelTimer(timer[0]);
            counted();
        });
        self[0] = poll;
        polls.add(poll);
        counted();
        poll.pump();
        if (polls.contains(poll)) {
            long millis = wait.toMillis();
            timer[0] =
                    vertx.setTimer(Math.max(1, millis - random.nextLong(millis / 16 + 1)), elapsed -> poll.timeout());
        }
    }

    /** Ends those that would not be admitted now. */
    public void recheck() {
        List.copyOf(streams).forEach(Watcher::recheck);
        List.copyOf(polls).forEach(Watcher::recheck);
    }

    /** Ends all of them. */
    public void close() {
        closed = true;
        List.copyOf(streams).forEach(Watcher::end);
        List.copyOf(polls).forEach(Watcher::end);
    }

    private Snapshot<T> snapshot() {
        long now = source.nanoTime().getAsLong();
        Snapshot<T> known = latest;
        if (known == null
                || now - known.takenAt() > SNAPSHOT_NANOS
                || !source.feed().log().knowsAllSince(known.revision())) {
            known = new Snapshot<>(source.feed().log().revision(), source.feed().snapshot(), now);
            latest = known;
        }
        return known;
    }

    /** Once for all changes of this turn of the event loop. */
    private void wake() {
        if (!awake && !(streams.isEmpty() && polls.isEmpty())) {
            awake = true;
            context.runOnContext(turn -> {
                awake = false;
                new ArrayList<>(streams).forEach(Watcher::pump);
                new ArrayList<>(polls).forEach(Watcher::pump);
            });
        }
    }

    private void counted() {
        meters.watchers(streams.size(), polls.size());
    }

    private static Optional<Revision> since(RoutingContext ctx) {
        String last = ctx.request().getHeader(LAST_EVENT_ID);
        if (last != null && !last.isEmpty()) {
            return Optional.of(revision(LAST_EVENT_ID, last));
        }
        return HttpEdge.parameter(ctx, "index").map(text -> revision("index", text));
    }

    private static Revision revision(String name, String text) {
        try {
            return Revision.parse(text);
        } catch (BadInput bad) {
            throw new BadInput(name, bad.value(), bad.expected());
        }
    }

    private static Duration wait(String text) {
        try {
            Duration wait = Duration.parse(text);
            if (wait.toMillis() >= 1 && wait.compareTo(LONGEST_WAIT) <= 0) {
                return wait;
            }
        } catch (DateTimeParseException | ArithmeticException wrong) {
            // Complained about below, as any other wrong value is.
        }
        throw new BadInput("wait", text, "PT0.001S to " + LONGEST_WAIT);
    }

    static Problem compacted(Revision now) {
        return Problem.of(
                410,
                "compacted",
                "Not everything since that revision is known here",
                "Too much has happened since, or another member or an earlier life of this one counted it. Take a new list, or"
                        + " watch without an index for a snapshot",
                Map.of("revision", now.toString()));
    }

    private Problem tooMany() {
        return Problem.of(
                503,
                "too-many-watchers",
                "No more watchers are taken",
                "%d watch already; come back later, or ask another member".formatted(rules.watchers()),
                Map.of("most", rules.watchers()));
    }
}
