package io.gatefleet.bench.fleet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Clients of {@code GET /v1/fleet/watch}, who all see the whole fleet. */
final class Watchers implements AutoCloseable {
    /** Kind and id stand at an event's beginning. */
    private static final int HEAD = 200;

    private static final long LISTENS_SECONDS = 10;

    private static final Pattern ID = Pattern.compile("(?m)^id: (.+)$");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClientAgent client;
    private final int count;
    private final List<Wait> waits = new ArrayList<>();
    private final Promise<Void> synced = Promise.promise();
    private final BitSet whole = new BitSet();
    private final @Nullable String[] lastIds;
    private boolean closing;
    private int ended;

    /** Somebody waits until every watcher was told something of an instance. */
    private static final class Wait {
        private final byte[] key;
        private final byte[] news;
        private final long[] nanos;
        private final Promise<long[]> promise = Promise.promise();
        private int missing;

        Wait(String key, String news, int watchers) {
            this.key = ("\"key\":\"instance/" + key + "\"").getBytes(StandardCharsets.UTF_8);
            this.news = news.getBytes(StandardCharsets.UTF_8);
            this.nanos = new long[watchers];
            this.missing = watchers;
        }

        private void heard(int watcher, byte[] event) {
            if (nanos[watcher] == 0 && holds(event, key) && holds(event, news)) {
                nanos[watcher] = System.nanoTime();
                missing--;
                if (missing == 0) {
                    promise.complete(nanos);
                }
            }
        }
    }

    private Watchers(int count) {
        this.count = count;
        this.lastIds = new String[count];
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(30_000), new PoolOptions().setHttp1MaxSize(count));
    }

    /** Opens the streams, spread over the aggregators, and waits until each has the whole fleet. Blocks. */
    static Watchers open(int count, List<URI> aggregators, long seconds) throws TimeoutException {
        Watchers watchers = new Watchers(count);
        watchers.vertx.runOnContext(now -> {
            for (int watcher = 0; watcher < count; watcher++) {
                watchers.open(watcher, aggregators.get(watcher % aggregators.size()));
            }
        });
        try {
            watchers.synced.future().await(seconds, TimeUnit.SECONDS);
            return watchers;
        } catch (TimeoutException | RuntimeException cause) {
            watchers.close();
            throw cause;
        }
    }

    private void open(int watcher, URI aggregator) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(aggregator.getHost())
                .setPort(aggregator.getPort())
                .setURI("/v1/fleet/watch");
        String last = lastIds[watcher];
        if (last != null) {
            options.putHeader("Last-Event-ID", last);
        }
        client.request(options)
                .compose(request -> request.send())
                .onSuccess(response -> read(watcher, aggregator, response))
                .onFailure(synced::tryFail);
    }

    /** As browsers do: whoever is cut comes again, and goes on after what he heard last. */
    private void ended(int watcher, URI aggregator) {
        ended++;
        if (!closing) {
            open(watcher, aggregator);
        }
    }

    private void read(int watcher, URI aggregator, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            synced.tryFail("a watcher was answered " + response.statusCode());
            return;
        }
        RecordParser events = RecordParser.newDelimited("\n\n", event -> heard(watcher, event));
        response.handler(events)
                .endHandler(end -> ended(watcher, aggregator))
                .exceptionHandler(broken -> ended(watcher, aggregator));
    }

    private void heard(int watcher, Buffer event) {
        byte[] bytes = event.getBytes();
        String head = event.getString(0, Math.min(event.length(), HEAD));
        Matcher id = ID.matcher(head);
        if (id.find()) {
            lastIds[watcher] = id.group(1);
        }
        if (head.contains("event: synced")) {
            whole.set(watcher);
            if (whole.cardinality() == count) {
                synced.tryComplete();
            }
        }
        for (Wait wait : List.copyOf(waits)) {
            wait.heard(watcher, bytes);
        }
        waits.removeIf(wait -> wait.missing == 0);
    }

    /**
     * When each watcher was told something of an instance from now on, on this process' monotonic clock. Blocks until they
     * listen.
     *
     * @param news what stands in the event's JSON
     */
    Future<long[]> told(String key, String news) throws TimeoutException {
        Wait wait = new Wait(key, news, count);
        // Nothing happens before it is listened for.
        Future.future(listening -> vertx.runOnContext(now -> {
                    waits.add(wait);
                    listening.complete();
                }))
                .await(LISTENS_SECONDS, TimeUnit.SECONDS);
        return wait.promise.future();
    }

    int count() {
        return count;
    }

    /** Waits no longer for what has not come, and says what that is. */
    String forget() {
        StringBuilder text = new StringBuilder();
        for (Wait wait : List.copyOf(waits)) {
            text.append("%s %s: %d of %d watchers were not told; "
                    .formatted(
                            new String(wait.key, StandardCharsets.UTF_8),
                            new String(wait.news, StandardCharsets.UTF_8),
                            wait.missing,
                            count));
        }
        vertx.runOnContext(now -> waits.clear());
        return text.toString();
    }

    /** Streams that broke off. */
    int ended() {
        return ended;
    }

    private static boolean holds(byte[] text, byte[] part) {
        outer:
        for (int from = 0; from <= text.length - part.length; from++) {
            for (int i = 0; i < part.length; i++) {
                if (text[from + i] != part[i]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }

    @Override
    public void close() throws TimeoutException {
        vertx.runOnContext(now -> closing = true);
        vertx.close().await(60, TimeUnit.SECONDS);
    }
}
