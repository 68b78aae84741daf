package io.gatefleet.node.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.node.gateway.Answer.Hello;
import io.gatefleet.node.gateway.Answer.Identity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with a gateway over its WebSocket: it sends a challenge, is told the instance's token, says hello, and
 * is asked for its health. Pure: texts in, texts out. Belongs to one thread.
 *
 * <p>Measured with OpenClaw 2026.2.1, 2026.3.2, 2026.7.1 and 2026.9.6, Clawdbot 2026.1.24-3 and OmniClaw 2026.2.1: all of
 * them take protocol 3 to 4, and a probing client needs neither a paired device nor the challenge's nonce.
 */
final class Conversation {
    /** More than any gateway sends between challenge and health, events included. */
    private static final int MOST_TEXTS = 64;

    private static final int LONGEST_REASON = 160;
    private static final int POLICY_VIOLATION = 1008;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int GOING_AWAY = 1001;
    private static final int SERVICE_RESTART = 1012;
    private static final int TRY_AGAIN_LATER = 1013;

    private enum Step {
        CHALLENGE,
        HELLO,
        HEALTH,
        OVER
    }

    private final String token;
    private final boolean asksHealth;
    private Step step = Step.CHALLENGE;
    private int texts;
    private boolean live;
    private boolean ready;
    private boolean draining;
    private List<String> failing = List.of();
    private Identity identity = Identity.UNKNOWN;
    private @Nullable String trouble;

    /** What it said before it closed the connection; empty: nothing. */
    private String excuse = "";

    /**
     * @param token of the instance; empty: it has none yet
     * @param asksHealth false: over with the hello
     */
    Conversation(String token, boolean asksHealth) {
        this.token = token;
        this.asksHealth = asksHealth;
    }

    boolean over() {
        return step == Step.OVER;
    }

    /** @return what to say to that; null: nothing, listen on */
    @Nullable
    String hear(String text) {
        if (over()) {
            return null;
        }
        if (++texts > MOST_TEXTS) {
            end("it sent %d messages and no answer among them".formatted(MOST_TEXTS));
            return null;
        }
        JsonNode said;
        try {
            said = Wire.LENIENT.mapper().readTree(text);
        } catch (JsonProcessingException noJson) {
            end("its WebSocket does not speak JSON: no gateway");
            return null;
        }
        String type = said.path("type").asText("");
        if (type.equals("event")) {
            return event(said.path("event").asText(""));
        }
        if (type.equals("res")) {
            return answered(said);
        }
        if (step == Step.CHALLENGE) {
            end("its WebSocket does not begin with connect.challenge: no gateway");
        }
        return null;
    }

    private @Nullable String event(String name) {
        if (name.equals("shutdown")) {
            draining = true;
        }
        if (!name.equals("connect.challenge") || step != Step.CHALLENGE) {
            return null;
        }
        step = Step.HELLO;
        return new JsonObject()
                .put("type", "req")
                .put("id", "1")
                .put("method", "connect")
                .put(
                        "params",
                        new JsonObject()
                                .put("minProtocol", 3)
                                .put("maxProtocol", 4)
                                .put(
                                        "client",
                                        new JsonObject()
                                                // A gateway takes only the ids and modes that it knows.
                                                .put("id", "gateway-client")
                                                .put("version", "1")
                                                .put("platform", "linux")
                                                .put("mode", "probe"))
                                .put("caps", new JsonArray())
                                .put("role", "operator")
                                .put("scopes", new JsonArray().add("operator.read"))
                                .put("auth", new JsonObject().put("token", token)))
                .encode();
    }

    private @Nullable String answered(JsonNode said) {
        boolean ok = said.path("ok").asBoolean(false);
        JsonNode payload = said.path("payload");
        String id = said.path("id").asText("");
        if (step == Step.HELLO && id.equals("1")) {
            if (ok && payload.path("type").asText("").equals("hello-ok")) {
                return hello(payload.path("server"));
            }
            // It closes the connection next, with a code that says more.
            excuse = shown(said.path("error").path("message").asText("no reason"));
            String part = said.path("error").path("details").path("reason").asText("");
            failing = part.isEmpty() ? List.of() : List.of(shown(part));
        } else if (step == Step.HEALTH && id.equals("2")) {
            // Clawdbot and OmniClaw have no notion of readiness: healthy is the most that they say.
            ready = ok && payload.path("ok").asBoolean(false);
            step = Step.OVER;
            if (!ready) {
                String why = shown(said.path("error").path("message").asText(""));
                trouble = "health: " + (why.isEmpty() ? "not ok" : why);
            }
        }
        return null;
    }

    private @Nullable String hello(JsonNode server) {
        live = true;
        String version = server.path("version").asText("");
        String bootId = server.path("bootId").asText("");
        identity = new Identity(
                Hello.ACCEPTED,
                // Clawdbot and OmniClaw say "dev": then what their package says is better.
                version.matches("\\d[A-Za-z0-9.+_-]{0,39}") ? version : null,
                bootId.matches("[A-Za-z0-9._:-]{1,80}") ? bootId : null);
        if (!asksHealth) {
            step = Step.OVER;
            return null;
        }
        step = Step.HEALTH;
        return new JsonObject()
                .put("type", "req")
                .put("id", "2")
                .put("method", "health")
                .put("params", new JsonObject())
                .encode();
    }

    /**
     * The gateway closed the connection.
     *
     * @param code 1005 or 1006 where it gave none
     */
    void closed(int code, String reason) {
        if (over()) {
            return;
        }
        String why = excuse.isEmpty() ? shown(reason) : excuse;
        String how = "close %d%s".formatted(code, why.isEmpty() ? "" : ", " + why);
        draining |= code == SERVICE_RESTART || code == GOING_AWAY;
        if (step == Step.CHALLENGE) {
            end("it closed its WebSocket without connect.challenge (%s): no gateway".formatted(how));
        } else if (step == Step.HEALTH) {
            end("it closed its WebSocket before it said its health (%s)".formatted(how));
        } else if (code == POLICY_VIOLATION) {
            identity = Identity.REFUSED;
            end("another gateway, or another token: it refused this instance's token (%s)".formatted(how));
        } else if (code == PROTOCOL_ERROR) {
            end("it speaks none of the protocols 3 to 4 (%s)".formatted(how));
        } else {
            // OpenClaw while its sidecars start: it takes connections, and nobody in.
            live = code == TRY_AGAIN_LATER;
            end("it takes nobody in (%s)".formatted(how));
        }
    }

    /** Nothing more comes: time is up, or the connection broke. */
    void ended(String why) {
        if (over()) {
            return;
        }
        switch (step) {
            case CHALLENGE -> end("no connect.challenge on its WebSocket: " + shown(why));
            case HELLO -> end("no hello after its challenge: " + shown(excuse.isEmpty() ? why : excuse));
            default -> end("no health after its hello: " + shown(why));
        }
    }

    private void end(String sentence) {
        trouble = sentence;
        step = Step.OVER;
    }

    /** What it came to; somebody took the connection. */
    Answer answer(long tookMillis) {
        return new Answer(true, live, ready, draining, failing, identity, null, trouble, tookMillis);
    }

    private String shown(String text) {
        String clean = Redaction.of(text, token);
        return clean.length() <= LONGEST_REASON ? clean : clean.substring(0, LONGEST_REASON);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Conversation[" + step + "]";
    }
}
