package io.gatefleet.bench.gatefleet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection for each caller, kept open, on the caller's own event loop; callers are spread over the servers. */
final class CallerConnections implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final long SECONDS = 30;

    private final Vertx vertx;
    /** Held on to: Vert.x closes the connections of a client that nobody refers to. */
    private final HttpClientAgent client;

    private final List<ContextInternal> contexts = new ArrayList<>();
    private final List<HttpClientConnection> connections = new ArrayList<>();

    private CallerConnections(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
    }

    /** Opens them all. Blocks. */
    static CallerConnections open(List<Integer> ports, int callers) throws TimeoutException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        CallerConnections opened = new CallerConnections(vertx);
        try {
            for (int caller = 0; caller < callers; caller++) {
                ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
                HttpConnectOptions where =
                        new HttpConnectOptions().setHost("127.0.0.1").setPort(ports.get(caller % ports.size()));
                opened.contexts.add(context);
                opened.connections.add(Future.<HttpClientConnection>future(promise -> context.runOnContext(
                                now -> opened.client.connect(where).onComplete(promise)))
                        .await(SECONDS, TimeUnit.SECONDS));
            }
            return opened;
        } catch (TimeoutException | RuntimeException cause) {
            opened.close();
            throw cause;
        }
    }

    Executor thread(int caller) {
        ContextInternal context = contexts.get(caller);
        return task -> context.runOnContext(now -> task.run());
    }

    /** Asks over the caller's connection; fails unless the answer is a 2xx. To be called on the caller's thread. */
    Future<Buffer> ask(int caller, HttpMethod method, String path, @Nullable Buffer body) {
        RequestOptions options = new RequestOptions().setMethod(method).setURI(path);
        if (body != null) {
            options.putHeader("content-type", "application/json");
        }
        return connections
                .get(caller)
                .request(options)
                .compose(request -> send(request, body))
                .compose(response -> read(method, path, response));
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, @Nullable Buffer body) {
        return body == null ? request.send() : request.send(body);
    }

    private static Future<Buffer> read(HttpMethod method, String path, HttpClientResponse response) {
        return response.body().map(answer -> {
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException("%s %s: %d %s".formatted(method, path, response.statusCode(), answer));
            }
            return answer;
        });
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(SECONDS, TimeUnit.SECONDS);
    }
}
