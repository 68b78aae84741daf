package io.gatefleet.cli.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the fleet's services over HTTP. Blocks. Everything but a 2xx becomes a {@link CannotGoOn} that says what to do:
 * exit code 1 where the answer is a no, 2 where there is none.
 */
public final class FleetClient {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int SHOWN_OF_A_STRANGE_BODY = 120;
    private static final int MOST_OF_A_PROBLEM = 64 * 1024;

    private final Function<Service, URI> whereabouts;
    private final String whenNobodyAnswers;
    private final Proof proof;
    private final HttpClient http;

    /**
     * @param whereabouts base URL of a service
     * @param whenNobodyAnswers what to do then, for the user
     */
    public FleetClient(Function<Service, URI> whereabouts, String whenNobodyAnswers) {
        this(whereabouts, whenNobodyAnswers, Proof.NONE);
    }

    /** @param proof who asks, and whom to trust */
    public FleetClient(Function<Service, URI> whereabouts, String whenNobodyAnswers, Proof proof) {
        this.whereabouts = whereabouts;
        this.whenNobodyAnswers = whenNobodyAnswers;
        this.proof = proof;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        proof.trust().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    public JsonNode get(Service service, String path) {
        return send(service, path, "GET", null);
    }

    public JsonNode put(Service service, String path, Object body) {
        return send(service, path, "PUT", body);
    }

    public JsonNode post(Service service, String path, Object body) {
        return send(service, path, "POST", body);
    }

    /** @param id the same one is the same question, and is answered with what came of the first */
    public JsonNode post(Service service, String path, Object body, String id) {
        return send(service, path, "POST", body, id);
    }

    public JsonNode delete(Service service, String path) {
        return send(service, path, "DELETE", null);
    }

    /**
     * All items of a list, page after page.
     *
     * @param path with or without a query
     */
    public ArrayNode items(Service service, String path) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        String token = "";
        do {
            JsonNode page = get(service, path + (path.contains("?") ? "&" : "?") + "limit=1000" + token);
            page.path("items").forEach(all::add);
            token = page.hasNonNull("nextPageToken")
                    ? "&pageToken=" + page.get("nextPageToken").asText()
                    : "";
        } while (!token.isEmpty());
        return all;
    }

    /**
     * A service's events, from where somebody was on.
     *
     * @param lastId of the last event that was taken whole; empty: from a snapshot on. Where what came since is not known
     *     any more, that is a snapshot, too
     * @return empty if the service is of a version that has no events
     */
    Optional<ServerEvents> events(Service service, String path, String lastId) {
        URI uri = URI.create(whereabouts.apply(service) + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("accept", "text/event-stream");
        proof.bearer().ifPresent(token -> request.header("authorization", "Bearer " + token));
        if (!lastId.isEmpty()) {
            request.header("last-event-id", lastId);
        }
        HttpResponse<InputStream> response = exchange(service, request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return Optional.of(new ServerEvents(response.body()));
        }
        byte[] body;
        try (InputStream said = response.body()) {
            body = said.readNBytes(MOST_OF_A_PROBLEM);
        } catch (IOException cut) {
            throw nobody(service, cut);
        }
        if (response.statusCode() == 410 && !lastId.isEmpty()) {
            return events(service, path, "");
        }
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        refused(service, uri, response.statusCode(), body);
        return Optional.empty();
    }

    /** A part of an answer as the record that it is. */
    public static <T> T as(JsonNode json, Class<T> type) {
        try {
            return Wire.LENIENT.mapper().treeToValue(json, type);
        } catch (JsonProcessingException wrong) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "an answer of the fleet cannot be read as " + type.getSimpleName() + ": "
                            + wrong.getOriginalMessage(),
                    "Is the fleet of another version? Compare: ./gatefleet --version");
        }
    }

    private JsonNode send(Service service, String path, String method, @Nullable Object body) {
        return send(service, path, method, body, null);
    }

    private JsonNode send(
            Service service, String path, String method, @Nullable Object body, @Nullable String idempotencyKey) {
        URI base = whereabouts.apply(service);
        URI uri = URI.create(base + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("accept", "application/json");
        proof.bearer().ifPresent(token -> request.header("authorization", "Bearer " + token));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofByteArray(
                                    Wire.STRICT.write(body).getBytes()));
        }
        if (idempotencyKey != null) {
            request.header("idempotency-key", idempotencyKey);
        }
        HttpResponse<byte[]> response = exchange(service, request.build(), BodyHandlers.ofByteArray());
        return response.statusCode() / 100 == 2
                ? json(service, uri, response)
                : refused(service, uri, response.statusCode(), response.body());
    }

    private <T> HttpResponse<T> exchange(Service service, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException cause) {
            throw nobody(service, cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CannotGoOn(Exit.CANNOT_ASK, "interrupted while the %s was asked".formatted(service.title()), "");
        }
    }

    private CannotGoOn nobody(Service service, IOException cause) {
        String why = cause.getMessage() == null ? "nobody listens there" : cause.getMessage();
        return new CannotGoOn(
                Exit.CANNOT_ASK,
                "no answer from the %s at %s: %s".formatted(service.title(), whereabouts.apply(service), why),
                whenNobodyAnswers);
    }

    private static JsonNode json(Service service, URI uri, HttpResponse<byte[]> response) {
        if (response.body().length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return Wire.LENIENT.read(response.body(), JsonNode.class);
        } catch (BadInput notJson) {
            throw stranger(service, uri, response.statusCode(), response.body());
        }
    }

    /** Never returns; the type lets callers use it as an expression. */
    private static JsonNode refused(Service service, URI uri, int status, byte[] body) {
        Problem problem;
        try {
            problem = Wire.LENIENT.read(body, Problem.class);
        } catch (BadInput notOurs) {
            throw stranger(service, uri, status, body);
        }
        if (problem.status() == 401) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "%s (%s)".formatted(problem.detail(), problem.code()),
                    "Show a token that counts: --token-file FILE, or GATEFLEET_TOKEN_FILE. An admin makes one with gatefleet"
                            + " token new.");
        }
        boolean noAnswer = problem.code().equals("bad-input") || problem.status() / 100 == 5;
        throw new CannotGoOn(
                noAnswer ? Exit.CANNOT_ASK : Exit.NO,
                "%s (%s)".formatted(problem.detail(), problem.code()),
                problem.status() == 503 ? "It may pass: try again in a moment." : "");
    }

    private static CannotGoOn stranger(Service service, URI uri, int status, byte[] answer) {
        String body = new String(answer, StandardCharsets.UTF_8)
                .replaceAll("\\s+", " ")
                .strip();
        return new CannotGoOn(
                Exit.CANNOT_ASK,
                "%s answered %d with something that is not of the %s: %s"
                        .formatted(
                                uri,
                                status,
                                service.title(),
                                body.substring(0, Math.min(body.length(), SHOWN_OF_A_STRANGE_BODY))),
                "Does another program listen there? Say where the fleet is with --%s URL.".formatted(service));
    }
}
