package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Page;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.runtime.access.Needs;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import io.vertx.micrometer.PrometheusScrapingHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's HTTP side: its router with {@code /livez}, {@code /readyz}, {@code /metrics} and {@code /openapi.yaml},
 * problem documents for everything that goes wrong, and limits on everything that comes in.
 */
public final class HttpEdge {
    /** Room for a registration with 4096 listeners; everything else is far smaller. */
    public static final long LARGEST_BODY_BYTES = 1024 * 1024;

    private static final int LARGEST_PAGE = 1000;
    private static final int DEFAULT_PAGE = 100;
    private static final Logger log = LoggerFactory.getLogger(HttpEdge.class);

    private final Router router;
    private final HttpListener listener;
    private final Routes routes;

    private HttpEdge(Vertx vertx, PrometheusMeterRegistry meters, Protection protection) {
        this.router = Router.router(vertx);
        this.listener = new HttpListener(vertx, router, protection, meters);
        this.routes = new Routes(router, new Doorkeeper(protection.access(), protection.audit()));
    }

    /** For a listener that stands on loopback. */
    public static HttpEdge create(Vertx vertx, String service, PrometheusMeterRegistry meters, Readiness readiness) {
        return create(vertx, service, meters, readiness, Protection.NONE);
    }

    /**
     * @param service names the OpenAPI document {@code /openapi/SERVICE.yaml} on the class path
     * @param protection how its listener is protected
     */
    public static HttpEdge create(
            Vertx vertx, String service, PrometheusMeterRegistry meters, Readiness readiness, Protection protection) {
        HttpEdge edge = new HttpEdge(vertx, meters, protection);
        Router router = edge.router;
        PlatformHandler first = edge.listener.connections()::asked;
        router.route().handler(first);
        router.route().failureHandler(HttpEdge::failed);
        for (int status : new int[] {404, 405, 413, 414, 431}) {
            router.errorHandler(status, HttpEdge::failed);
        }
        Buffer openApi = openApi(service);
        Routes routes = edge.routes;
        routes.get("/livez", Needs.NOTHING, ctx -> send(ctx, 200, Map.of("status", "pass")));
        routes.get("/readyz", Needs.NOTHING, ctx -> {
            Optional<String> why = readiness.get();
            send(
                    ctx,
                    why.isEmpty() ? 200 : 503,
                    why.isEmpty() ? Map.of("status", "pass") : Map.of("status", "fail", "reason", why.get()));
        });
        routes.get("/metrics", Needs.METRICS, PrometheusScrapingHandler.create(meters));
        routes.get("/openapi.yaml", Needs.NOTHING, ctx -> ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .end(openApi));
        return edge;
    }

    /** Where the service adds its own routes. */
    public Routes routes() {
        return routes;
    }

    /** To look at. Routes are added by {@link #routes}: one that says no needs keeps the service from listening. */
    public Router router() {
        return router;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for the kernel's choice
     * @return the port; fails when the address is taken
     */
    public Future<Integer> listen(String host, int port) {
        routes.insistOnNeeds();
        return listener.open(host, port, routes::accessChanged);
    }

    /** Stops to listen; requests under way are answered first. */
    public Future<Void> close() {
        return listener.close();
    }

    /**
     * The request's body.
     *
     * @throws BadInput if it is no JSON of that type
     */
    public static <T> T body(RoutingContext ctx, Wire wire, Class<T> type) {
        String contentType = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (contentType == null || !contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Unsupported(contentType);
        }
        Buffer body = ctx.body().buffer();
        if (body == null || body.length() == 0) {
            throw new BadInput("body", "empty", "a JSON object");
        }
        return wire.read(body, type);
    }

    /** Once, when the connection of this request is gone. Its own close handler is the edge's: do not set another. */
    public static void onClose(RoutingContext ctx, Runnable then) {
        Connections.onClose(ctx, then);
    }

    public static void send(RoutingContext ctx, int status, Object body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Wire.STRICT.write(body));
    }

    /** Answers with the future's value, or with the problem that its failure is. */
    public static <T> void answer(RoutingContext ctx, Future<T> reply, Consumer<T> onValue) {
        reply.onComplete(
                value -> {
                    try {
                        onValue.accept(value);
                    } catch (RuntimeException wrong) {
                        ctx.fail(wrong);
                    }
                },
                ctx::fail);
    }

    public static void refuse(RoutingContext ctx, Refusal refusal) {
        if (refusal instanceof Refusal.Recovering wait) {
            retryAfter(ctx, wait.retryAfterMillis());
        } else if (refusal instanceof Refusal.NameAlive wait) {
            retryAfter(ctx, wait.retryAfterMillis());
        } else if (refusal instanceof Refusal.Unavailable wait) {
            retryAfter(ctx, wait.retryAfterMillis());
        }
        problem(ctx, Problems.of(refusal));
    }

    public static void problem(RoutingContext ctx, Problem problem) {
        if (ctx.response().ended() || ctx.response().headWritten()) {
            return;
        }
        ctx.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Wire.STRICT.write(problem.at(ctx.request().path())));
    }

    /**
     * The part of a sorted list that the request's {@code limit} (1 to 1000, default 100) and {@code pageToken} ask for.
     * The token is the last key seen, so that pages neither skip nor repeat what stays while other things come and go.
     *
     * @param key unique, and what the list is sorted by in {@code String} order
     * @throws BadInput if a parameter cannot be used
     */
    public static <T> Page<T> page(RoutingContext ctx, List<T> sorted, Function<T, String> key, String revision) {
        int limit = number(ctx, "limit", 1, LARGEST_PAGE).orElse(DEFAULT_PAGE);
        String after = parameter(ctx, "pageToken").map(HttpEdge::decode).orElse("");
        List<T> rest = sorted.stream()
                .filter(item -> key.apply(item).compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        if (rest.size() <= limit) {
            return new Page<>(rest, null, revision);
        }
        List<T> items = rest.subList(0, limit);
        return new Page<>(items, encode(key.apply(items.get(limit - 1))), revision);
    }

    /** A query parameter; empty when absent. */
    public static Optional<String> parameter(RoutingContext ctx, String name) {
        List<String> values = ctx.queryParam(name);
        if (values.size() > 1) {
            throw new BadInput(name, values, "at most once");
        }
        return values.stream().findFirst();
    }

    /**
     * A query parameter of some type; empty when absent.
     *
     * @param parse may complain under the name that the type has elsewhere; the answer names the parameter
     */
    public static <T> Optional<T> parameter(RoutingContext ctx, String name, Function<String, T> parse) {
        return parameter(ctx, name).map(text -> {
            try {
                return parse.apply(text);
            } catch (BadInput bad) {
                throw new BadInput(name, bad.value(), bad.expected());
            }
        });
    }

    /**
     * Insists that the query has no other parameters: a misspelt filter must not look like no filter.
     *
     * @throws BadInput that names the first other one
     */
    public static void onlyParameters(RoutingContext ctx, String... known) {
        List<String> names = List.of(known);
        for (String name : ctx.queryParams().names()) {
            if (!names.contains(name)) {
                throw new BadInput(
                        name,
                        "unknown query parameter",
                        names.isEmpty()
                                ? "no query parameters here"
                                : "one of " + names.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    /** A whole number in the query; empty when absent. */
    public static Optional<Integer> number(RoutingContext ctx, String name, int least, int most) {
        return parameter(ctx, name).map(text -> number(name, text, least, most));
    }

    /** @throws BadInput unless the text is a whole number in that range */
    public static int number(String name, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Complained about below, as any other wrong value is.
        }
        throw new BadInput(name, text, "a whole number, " + least + " to " + most);
    }

    private static void retryAfter(RoutingContext ctx, long millis) {
        ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (millis + 999) / 1000)));
    }

    private static void failed(RoutingContext ctx) {
        Throwable cause = ctx.failure();
        if (cause instanceof HttpClosedException) {
            return; // Nobody is there to be answered, and a line of the log for each would be theirs to write.
        }
        if (cause instanceof BadInput bad) {
            problem(ctx, Problems.of(bad));
        } else if (cause instanceof Unavailable down) {
            log.warn("{} {}: {}", ctx.request().method(), ctx.request().path(), down.getMessage());
            refuse(ctx, new Refusal.Unavailable(down.what(), down.retryAfterMillis()));
        } else if (cause instanceof Unsupported unsupported) {
            problem(
                    ctx,
                    Problem.of(415, "unsupported-media-type", "JSON is wanted", unsupported.getMessage(), Map.of()));
        } else {
            problem(ctx, byStatus(ctx, cause));
        }
    }

    private static Problem byStatus(RoutingContext ctx, @Nullable Throwable cause) {
        String what = ctx.request().method() + " " + ctx.request().path();
        return switch (ctx.statusCode()) {
            case 400 -> Problem.of(400, "bad-request", "The request cannot be read", what, Map.of());
            case 404 ->
                Problem.of(404, "no-such-path", "Nothing is here", what + "; /openapi.yaml lists what is", Map.of());
            case 405 ->
                Problem.of(405, "method-not-allowed", "Not that way", what + "; /openapi.yaml lists what is", Map.of());
            case 413 ->
                Problem.of(
                        413,
                        "body-too-large",
                        "The body is too large",
                        "body: larger than %d bytes (expected: at most that)".formatted(LARGEST_BODY_BYTES),
                        Map.of("name", "body", "expected", "at most " + LARGEST_BODY_BYTES + " bytes"));
            case 414, 431 ->
                Problem.of(ctx.statusCode(), "head-too-large", "The request's head is too large", what, Map.of());
            default -> {
                // The cause stays here: it may hold what only the log may know.
                log.error("{} failed", what, cause);
                yield Problem.of(500, "internal", "A fault of ours", what + " failed; the log says why", Map.of());
            }
        };
    }

    private static Buffer openApi(String service) {
        String path = "/openapi/" + service + ".yaml";
        try (InputStream in = HttpEdge.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + path);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException cause) {
            throw new UncheckedIOException(path, cause);
        }
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw new BadInput("pageToken", token, "the nextPageToken of a page before");
        }
    }

    /** The body is of a kind that nobody here reads. */
    private static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String sent;

        Unsupported(@Nullable String contentType) {
            this.sent = String.valueOf(contentType);
        }

        @Override
        public String getMessage() {
            return "content-type: %s (expected: application/json)".formatted(sent);
        }
    }
}
