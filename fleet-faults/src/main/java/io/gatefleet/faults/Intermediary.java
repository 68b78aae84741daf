package io.gatefleet.faults;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stands between nodes and a registry, and decides of each word whether it arrives and whether its answer comes back. */
public final class Intermediary implements AutoCloseable {
    /** What becomes of a word. */
    public enum Fate {
        /** It arrives, and its answer comes back. */
        PASS,
        /** It arrives and is answered; then the connection is cut, and nobody hears the answer. */
        CUT_REPLY,
        /** It does not arrive, and nobody says so. */
        HOLD
    }

    /** Decides; called once for each word. */
    public interface Judge {
        /**
         * @param method for example {@code PUT}
         * @param path without the query
         */
        Fate of(String method, String path);
    }

    /**
     * A word that was passed on, or held.
     *
     * @param status of the answer; 0 where there was none
     * @param answer what was answered, whether or not it came back
     */
    public record Word(String method, String path, Fate fate, int status, Buffer answer) {}

    private final HttpServer server;
    private final HttpClient client;
    private final URI registry;
    private final List<Word> words = new CopyOnWriteArrayList<>();
    private volatile Judge judge = (method, path) -> Fate.PASS;

    private Intermediary(Vertx vertx, URI registry) {
        this.registry = registry;
        this.client = vertx.createHttpClient();
        this.server = vertx.createHttpServer().requestHandler(this::hear);
    }

    /** Stands on a loopback port of the kernel's choice, and lets everything pass. */
    public static Intermediary before(Vertx vertx, URI registry) throws TimeoutException {
        Intermediary stands = new Intermediary(vertx, registry);
        stands.server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        return stands;
    }

    /** Where nodes ask. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    public void judgedBy(Judge other) {
        judge = other;
    }

    /** Everything that was said until now. */
    public List<Word> words() {
        return List.copyOf(words);
    }

    private void hear(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> {
                    Fate fate = judge.of(request.method().name(), request.path());
                    if (fate == Fate.HOLD) {
                        words.add(new Word(request.method().name(), request.path(), fate, 0, Buffer.buffer()));
                        return;
                    }
                    passOn(request, body)
                            .onSuccess(answer -> comeBack(request, fate, answer))
                            .onFailure(nobody -> request.connection().close());
                })
                .onFailure(gone -> request.connection().close());
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private Future<Answer> passOn(HttpServerRequest request, Buffer body) {
        return client.request(new RequestOptions()
                        .setMethod(request.method())
                        .setHost(registry.getHost())
                        .setPort(registry.getPort())
                        .setURI(request.uri()))
                .compose(onward -> {
                    for (String name : List.of("content-type", "authorization")) {
                        String value = request.getHeader(name);
                        if (value != null) {
                            onward.putHeader(name, value);
                        }
                    }
                    return onward.send(body);
                })
                .compose(head -> head.body().map(all -> new Answer(head, all)));
    }

    private void comeBack(HttpServerRequest request, Fate fate, Answer answer) {
        int status = answer.head().statusCode();
        words.add(new Word(request.method().name(), request.path(), fate, status, answer.body()));
        if (fate == Fate.CUT_REPLY) {
            request.connection().close();
            return;
        }
        request.response().setStatusCode(status);
        for (String name : List.of("content-type", "retry-after", "location")) {
            String value = answer.head().getHeader(name);
            if (value != null) {
                request.response().putHeader(name, value);
            }
        }
        request.response().end(answer.body());
    }

    @Override
    public void close() throws TimeoutException {
        server.close().await(10, TimeUnit.SECONDS);
        client.close().await(10, TimeUnit.SECONDS);
    }
}
