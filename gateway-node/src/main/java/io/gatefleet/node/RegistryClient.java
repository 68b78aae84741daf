package io.gatefleet.node;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.lease.Event.No;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the control plane, whichever of its addresses answers. Believes nothing: every call ends within its time, with
 * an answer that was asked for, a refusal, or the sentence that says why there is none. Futures never fail.
 */
final class RegistryClient {
    /** Larger than any answer to a node; a registry that sends more is not well. */
    private static final int LARGEST_ANSWER_BYTES = 1024 * 1024;

    private static final long LONGEST_RETRY_MILLIS = 60_000;

    /** To each registry. */
    static final int USUAL_CONNECTIONS = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final List<URI> registries;
    private final InstanceKey self;
    private final long answerMillis;
    private final NodeCredentials credentials;

    /** The one that answered last is asked first. */
    private int preferred;

    /** For registries that ask for no token. */
    RegistryClient(Vertx vertx, List<URI> registries, InstanceKey self, Duration answer) {
        this(vertx, registries, self, answer, USUAL_CONNECTIONS, NodeCredentials.none(), null);
    }

    /**
     * @param connections at most so many to each registry
     * @param authorities PEM certificates of those who vouch for registries; null: those that the JVM knows
     */
    RegistryClient(
            Vertx vertx,
            List<URI> registries,
            InstanceKey self,
            Duration answer,
            int connections,
            NodeCredentials credentials,
            @Nullable Path authorities) {
        this.vertx = vertx;
        this.registries = List.copyOf(registries);
        this.self = self;
        this.answerMillis = answer.toMillis();
        this.credentials = credentials;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) Math.min(1_000, answerMillis))
                .setKeepAliveTimeout(30)
                .setMaxRedirects(0);
        if (authorities != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
        }
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
    }

    /** What came back. */
    sealed interface Reply<T> {
        record Yes<T>(T value) implements Reply<T> {}

        record Refused<T>(No no) implements Reply<T> {}

        record Silent<T>(String why) implements Reply<T> {}
    }

    Future<Reply<Registration>> register(RegisterInstance body) {
        String own = credentials.own();
        if (own == null) {
            return join(body);
        }
        return call(HttpMethod.PUT, path(""), Wire.STRICT.write(body), json(Registration.class))
                .compose(reply -> {
                    if (!isAboutToken(reply)) {
                        return kept(reply, Registration::token);
                    }
                    credentials.refused(own);
                    return credentials.own() == null ? join(body) : Future.succeededFuture(reply);
                });
    }

    private Future<Reply<Registration>> join(RegisterInstance body) {
        return vertx.executeBlocking(credentials::join, false)
                .compose(token -> call(
                        HttpMethod.PUT,
                        path(""),
                        Wire.STRICT.write(body),
                        json(Registration.class),
                        answerMillis,
                        token.orElse(null),
                        preferred,
                        registries.size()))
                .compose(reply -> kept(reply, Registration::token));
    }

    private <T> Future<Reply<T>> kept(Reply<T> reply, Function<T, @Nullable String> tokenOf) {
        String token = reply instanceof Reply.Yes<T> yes ? tokenOf.apply(yes.value()) : null;
        return token == null
                ? Future.succeededFuture(reply)
                : vertx.executeBlocking(
                        () -> {
                            credentials.keep(token);
                            return reply;
                        },
                        true);
    }

    private static boolean isAboutToken(Reply<?> reply) {
        return reply instanceof Reply.Refused<?> refused && refused.no().code().startsWith("token-");
    }

    Future<Reply<HeartbeatReply>> heartbeat(Heartbeat body) {
        String own = credentials.own();
        return call(HttpMethod.POST, path("/heartbeats"), Wire.STRICT.write(body), json(HeartbeatReply.class))
                .compose(reply -> {
                    if (own != null && isAboutToken(reply)) {
                        credentials.refused(own);
                    }
                    return kept(reply, HeartbeatReply::token);
                });
    }

    Future<Reply<Boolean>> deregister(Incarnation incarnation, boolean portsClosed) {
        String query = "?incarnation=" + incarnation + "&portsClosed=" + portsClosed;
        return call(HttpMethod.DELETE, path("") + query, null, anything -> true);
    }

    /** The long request for commands: answered when there is one, or after so long without. */
    Future<Reply<Optional<Command>>> next(Incarnation incarnation, int waitSeconds) {
        String query = "?incarnation=" + incarnation + "&wait=" + waitSeconds;
        return call(
                HttpMethod.GET,
                path("/commands/next") + query,
                null,
                body -> body.length() == 0 ? Optional.empty() : Optional.of(Wire.LENIENT.read(body, Command.class)),
                TimeUnit.SECONDS.toMillis(waitSeconds) + answerMillis);
    }

    Future<Reply<Boolean>> result(Incarnation incarnation, CommandId id, CommandResult result) {
        String path = path("/commands/" + id + "/result") + "?incarnation=" + incarnation;
        return call(HttpMethod.PUT, path, Wire.STRICT.write(result), anything -> true);
    }

    Future<Void> close() {
        return client.close();
    }

    private String path(String rest) {
        return "/v1/instances/" + self.host() + "/" + self.instance() + rest;
    }

    private static <T> Function<Buffer, T> json(Class<T> type) {
        return body -> Wire.LENIENT.read(body, type);
    }

    private <T> Future<Reply<T>> call(
            HttpMethod method, String path, @Nullable Buffer body, Function<Buffer, T> decode) {
        return call(method, path, body, decode, answerMillis);
    }

    /** @param patience in milliseconds, for the whole answer of each registry that is asked */
    private <T> Future<Reply<T>> call(
            HttpMethod method, String path, @Nullable Buffer body, Function<Buffer, T> decode, long patience) {
        return call(method, path, body, decode, patience, credentials.own(), preferred, registries.size());
    }

    private <T> Future<Reply<T>> call(
            HttpMethod method,
            String path,
            @Nullable Buffer body,
            Function<Buffer, T> decode,
            long patience,
            @Nullable String token,
            int which,
            int left) {
        URI registry = registries.get(which);
        return attempt(method, registry, path, body, decode, patience, token).compose(reply -> {
            // "unavailable" is one member's word about the part behind it; another member may reach it.
            boolean mute = reply instanceof Reply.Silent
                    || (reply instanceof Reply.Refused<T> refused
                            && refused.no().code().equals("unavailable"));
            if (!mute) {
                preferred = which;
                return Future.succeededFuture(reply);
            }
            return left <= 1
                    ? Future.succeededFuture(reply)
                    : call(method, path, body, decode, patience, token, (which + 1) % registries.size(), left - 1);
        });
    }

    private <T> Future<Reply<T>> attempt(
            HttpMethod method,
            URI registry,
            String path,
            @Nullable Buffer body,
            Function<Buffer, T> decode,
            long patience,
            @Nullable String token) {
        String url = registry.toString().replaceAll("/+$", "") + path;
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(url)
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.ACCEPT, "application/json, " + Problem.MEDIA_TYPE);
        if (token != null) {
            options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        }
        if (body != null) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        Promise<Reply<T>> answer = Promise.promise();
        client.request(options)
                .compose(request -> {
                    // One deadline for everything: a registry that drips its answer
                    // byte by byte is as silent as a dead one.
                    long deadline = vertx.setTimer(patience, late -> {
                        answer.tryComplete(
                                new Reply.Silent<>("%s did not answer within %d ms".formatted(registry, patience)));
                        request.reset();
                    });
                    return exchange(request, body)
                            .map(got -> RegistryClient.<T>understand(registry, got, decode))
                            .eventually(() -> {
                                vertx.cancelTimer(deadline);
                                return Future.succeededFuture();
                            });
                })
                .otherwise(failure -> new Reply.Silent<>("%s cannot be reached: %s".formatted(registry, said(failure))))
                .onSuccess(answer::tryComplete);
        // Also bounds the wait for a connection of the pool, which the timer above does not see.
        return answer.future()
                .timeout(patience + answerMillis, TimeUnit.MILLISECONDS)
                .otherwise(late -> new Reply.Silent<>("%s did not answer within %d ms".formatted(registry, patience)));
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private static Future<Answer> exchange(HttpClientRequest request, @Nullable Buffer body) {
        Future<HttpClientResponse> sent = body == null ? request.send() : request.send(body);
        return sent.compose(response -> {
            Promise<Answer> whole = Promise.promise();
            Buffer received = Buffer.buffer();
            response.exceptionHandler(whole::tryFail);
            response.handler(part -> {
                if (received.length() + part.length() > LARGEST_ANSWER_BYTES) {
                    whole.tryFail("its answer is larger than " + LARGEST_ANSWER_BYTES + " bytes");
                    request.reset();
                } else {
                    received.appendBuffer(part);
                }
            });
            response.endHandler(end -> whole.tryComplete(new Answer(response, received)));
            return whole.future();
        });
    }

    private static <T> Reply<T> understand(URI registry, Answer answer, Function<Buffer, T> decode) {
        int status = answer.head().statusCode();
        try {
            if (status >= 200 && status < 300) {
                return new Reply.Yes<>(decode.apply(answer.body()));
            }
            String type = answer.head().getHeader(HttpHeaders.CONTENT_TYPE);
            if (type == null || !type.startsWith(Problem.MEDIA_TYPE)) {
                return new Reply.Silent<>("%s answered %d, which is no word of a registry".formatted(registry, status));
            }
            Problem problem = Wire.LENIENT.read(answer.body(), Problem.class);
            if (problem.code().equals("internal")) {
                return new Reply.Silent<>("%s answered %d: it is not well itself".formatted(registry, status));
            }
            return new Reply.Refused<>(new No(
                    problem.code(), problem.detail(), retryAfter(problem, answer.head()), holder(problem.facts())));
        } catch (BadInput nonsense) {
            return new Reply.Silent<>(
                    "%s answered %d with nonsense: %s".formatted(registry, status, nonsense.getMessage()));
        }
    }

    private static long retryAfter(Problem problem, HttpClientResponse head) {
        long millis = 0;
        if (problem.facts().get("retryAfterMillis") instanceof Number said) {
            millis = said.longValue();
        } else {
            String seconds = head.getHeader("Retry-After");
            if (seconds != null && seconds.matches("\\d{1,6}")) {
                millis = Long.parseLong(seconds) * 1000;
            }
        }
        return Math.max(0, Math.min(LONGEST_RETRY_MILLIS, millis));
    }

    private static @Nullable Lease holder(Map<String, Object> facts) {
        Object holder = facts.get("holder");
        try {
            return holder == null ? null : Wire.LENIENT.mapper().convertValue(holder, Lease.class);
        } catch (IllegalArgumentException noLease) {
            return null;
        }
    }

    private static String said(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
