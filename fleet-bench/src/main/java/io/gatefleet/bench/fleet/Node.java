package io.gatefleet.bench.fleet;

import io.gatefleet.bench.gatefleet.NodeWords;
import io.gatefleet.bench.gatefleet.Template;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a node with a healthy gateway says, over a connection of its own that it keeps. On one event loop.
 */
final class Node {
    private static final long HOLE = 7_777_777_777_777L;
    private static final long ANSWER_SECONDS = 10;
    private static final int PAUSE_MILLIS = 500;
    private static final long DEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final HttpClientAgent client;
    private final List<URI> registries;
    private final Seat seat;
    private final String path;
    private final Words words;
    private int turn;
    private @Nullable HttpClientConnection connection;
    private @Nullable Lease lease;
    private @Nullable Template heartbeat;
    private long sequence;
    private boolean mute;
    private volatile long lastBeatNanos;

    /** What died and lived again within moments is no news to those who watch. */
    private long diedAtNanos = System.nanoTime() - DEAD_NANOS;

    /** Who counts what nodes said. */
    interface Words {
        void heard(long nanos);

        void failed(String why);
    }

    /** @param turn which registry it tries first */
    Node(Vertx vertx, HttpClientAgent client, List<URI> registries, Seat seat, int turn, Words words) {
        this.vertx = vertx;
        this.client = client;
        this.registries = registries;
        this.seat = seat;
        this.turn = turn;
        this.words = words;
        this.path = "/v1/instances/" + seat.host() + "/" + seat.instance();
    }

    /** As the fleet calls it. */
    String key() {
        return seat.host() + "/" + seat.instance();
    }

    /** Until it has a lease; tries one registry after the other. */
    private Future<Lease> join() {
        return attempt().recover(cause -> {
            words.failed("registration: " + cause.getMessage());
            goToTheNext();
            int pause = PAUSE_MILLIS + ThreadLocalRandom.current().nextInt(PAUSE_MILLIS);
            return vertx.timer(pause, TimeUnit.MILLISECONDS).compose(waited -> join());
        });
    }

    private Future<Lease> attempt() {
        Buffer word = Wire.LENIENT.write(NodeWords.register(seat, new Incarnation(1)));
        return ask(HttpMethod.PUT, path, word).map(answer -> {
            Lease lent = Wire.LENIENT.read(answer, Registration.class).lease();
            lease = lent;
            heartbeat = new Template(NodeWords.heartbeat(lent, HOLE), HOLE);
            return lent;
        });
    }

    /** As {@link #join}; from then on it speaks every so many milliseconds, beginning anywhere in the first of them. */
    Future<Lease> live(long beatMillis) {
        return join().onSuccess(
                        lent -> vertx.setTimer(1 + ThreadLocalRandom.current().nextLong(beatMillis), first -> {
                            beat();
                            vertx.setPeriodic(beatMillis, tick -> beat());
                        }));
    }

    private void beat() {
        Template word = heartbeat;
        if (mute || word == null || System.nanoTime() - diedAtNanos < DEAD_NANOS) {
            return;
        }
        say(word.with(++sequence));
    }

    /** Says that its gateway's process ended; the next beat, a second later at least, says that all is well again. */
    void sayThatTheGatewayDied() {
        Lease held = lease;
        if (held != null) {
            diedAtNanos = System.nanoTime();
            say(Wire.LENIENT.write(NodeWords.death(held, ++sequence)));
        }
    }

    /** Says nothing any more, and keeps its connection. */
    void fallSilent() {
        mute = true;
    }

    /** When it last said something, on this process' monotonic clock. From any thread. */
    long lastBeatNanos() {
        return lastBeatNanos;
    }

    private void say(Buffer word) {
        long before = System.nanoTime();
        lastBeatNanos = before;
        ask(HttpMethod.POST, path + "/heartbeats", word)
                .onSuccess(answer -> words.heard(System.nanoTime() - before))
                .onFailure(cause -> {
                    words.failed("heartbeat: " + cause.getMessage());
                    goToTheNext();
                    if (String.valueOf(cause.getMessage()).contains("lease-lost")) {
                        heartbeat = null;
                        join();
                    }
                });
    }

    private Future<Buffer> ask(HttpMethod method, String uri, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(uri)
                .setTimeout(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS))
                .putHeader("content-type", "application/json");
        return connected()
                .compose(open -> open.request(options))
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(answer -> {
                    if (response.statusCode() / 100 != 2) {
                        throw new IllegalStateException(response.statusCode() + " " + answer);
                    }
                    return answer;
                }));
    }

    private void goToTheNext() {
        turn++;
        HttpClientConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private Future<HttpClientConnection> connected() {
        HttpClientConnection open = connection;
        if (open != null) {
            return Future.succeededFuture(open);
        }
        URI registry = registries.get(Math.floorMod(turn, registries.size()));
        return client.connect(
                        new HttpConnectOptions().setHost(registry.getHost()).setPort(registry.getPort()))
                .onSuccess(made -> {
                    connection = made;
                    made.closeHandler(closed -> {
                        if (connection == made) {
                            connection = null;
                        }
                    });
                });
    }
}
