package io.gatefleet.node.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.node.gateway.Answer.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}, {@code /readyz} and {@code /startupz}. A 200 means nothing by itself: OpenClaw's web application answers
 * every unknown path with one, and so may whoever else got the port. So each answer must be JSON and say what a gateway
 * says. Who it is, it says only over its WebSocket.
 */
final class HttpProber implements Prober {
    private static final int LONGEST_BODY = 64 * 1024;

    private final HttpClient client;
    private final WebSocketProber who;
    private final long patienceMillis;

    /** @param who asks for the identity */
    HttpProber(Vertx vertx, WebSocketProber who, Duration patience) {
        this.who = who;
        this.patienceMillis = patience.toMillis();
        // No connection is kept: one to an earlier process must not answer for the present one.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout(Math.toIntExact(patienceMillis))
                .setDecompressionSupported(false));
    }

    /**
     * One answer.
     *
     * @param status 0: there was none
     * @param media without parameters, lower case
     */
    record Reply(
            int status, String media, String body, @Nullable String failure, boolean reached) {
        static Reply none(String failure, boolean reached) {
            return new Reply(0, "", "", failure, reached);
        }

        /** What it says, where it is JSON; else a node without anything. */
        JsonNode json() {
            if (!media.equals("application/json")) {
                return MissingNode.getInstance();
            }
            try {
                return Wire.LENIENT.mapper().readTree(body);
            } catch (JsonProcessingException noJson) {
                return MissingNode.getInstance();
            }
        }
    }

    @Override
    public Future<Answer> ask(int port, boolean identity) {
        // Before it is ready it takes nobody in.
        return health(port)
                .compose(answer -> identity && answer.ready()
                        ? who.hello(port).map(hello -> answer.with(hello.identity(), hello.tookMillis()))
                        : Future.succeededFuture(answer));
    }

    private Future<Answer> health(int port) {
        long asked = System.nanoTime();
        Future<Reply> health = get(port, "/healthz");
        Future<Reply> ready = get(port, "/readyz");
        Future<Reply> startup = get(port, "/startupz");
        return Future.all(health, ready, startup)
                .map(all -> judge(
                        health.result(), ready.result(), startup.result(), (System.nanoTime() - asked) / 1_000_000));
    }

    /** What three replies say together. Pure. */
    static Answer judge(Reply health, Reply ready, Reply startup, long tookMillis) {
        if (health.failure() != null) {
            return Answer.bad(health.reached(), "/healthz: " + health.failure(), tookMillis);
        }
        JsonNode healthy = health.json();
        if (health.status() != 200
                || !healthy.path("ok").asBoolean(false)
                || !healthy.path("status").asText("").equals("live")) {
            return Answer.bad(
                    true,
                    "/healthz: %d %s, but a gateway says 200 application/json {\"ok\":true,\"status\":\"live\"}"
                            .formatted(health.status(), health.media().isEmpty() ? "(no type)" : health.media()),
                    tookMillis);
        }
        JsonNode readiness = ready.json();
        List<String> failing = new ArrayList<>();
        readiness.path("failing").forEach(part -> failing.add(Redaction.of(part.asText(""), "")));
        boolean isReady = ready.status() == 200 && readiness.path("ready").asBoolean(false);
        JsonNode started = startup.json();
        boolean draining = failing.contains("gateway-draining")
                || started.path("status").asText("").equals("draining");
        String trouble = null;
        if (ready.failure() != null) {
            trouble = "/readyz: " + ready.failure();
        } else if (!readiness.has("ready")) {
            trouble = "/readyz: %d %s, but a gateway says application/json {\"ready\":…}"
                    .formatted(ready.status(), ready.media().isEmpty() ? "(no type)" : ready.media());
        } else if (!isReady) {
            String reason = started.path("pendingReason").asText("");
            trouble = failing.isEmpty() ? (reason.isEmpty() ? "not ready" : reason) : String.join(", ", failing);
        }
        String version = started.path("version").asText("");
        return new Answer(
                true,
                true,
                isReady,
                draining,
                failing,
                Identity.of(version.matches("[A-Za-z0-9.+_-]{1,40}") ? version : null),
                readiness.path("uptimeMs").isIntegralNumber()
                        ? Long.valueOf(readiness.path("uptimeMs").longValue())
                        : null,
                trouble,
                tookMillis);
    }

    private Future<Reply> get(int port, String path) {
        RequestOptions where = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .setTimeout(patienceMillis);
        return client.request(where)
                .compose(request -> {
                    // Else Vert.x logs each reset connection as an error; here it is an answer like any other.
                    request.connection().exceptionHandler(told -> {});
                    return request.send()
                            .compose(HttpProber::read)
                            .onFailure(failure -> request.reset())
                            .otherwise(failure -> Reply.none(sentence(failure), true));
                })
                .timeout(patienceMillis + 200, TimeUnit.MILLISECONDS)
                .otherwise(failure -> Reply.none(sentence(failure), false));
    }

    /** Whoever answers may answer for ever. */
    private static Future<Reply> read(HttpClientResponse response) {
        Promise<Reply> done = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > LONGEST_BODY) {
                done.tryFail("an answer of more than " + LONGEST_BODY + " bytes");
            }
        });
        response.endHandler(end -> {
            String type = response.getHeader("Content-Type");
            String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            String shown = media.matches("[a-z0-9.+/-]{1,80}") ? media : "";
            done.tryComplete(new Reply(response.statusCode(), shown, body.toString(), null, true));
        });
        return done.future();
    }

    private static String sentence(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("refused")) {
            return "connection refused";
        }
        return Redaction.of(message.length() <= 160 ? message : message.substring(0, 160), "");
    }
}
