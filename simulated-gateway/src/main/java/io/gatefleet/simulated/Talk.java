package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a gateway says on a WebSocket: challenge, hello, health; and how it turns people away. */
final class Talk {
    private final Manner manner;
    private final Life life;

    /** What the talk needs to know of the gateway while it goes on. */
    interface Life {
        String token();

        /** New whenever it begins anew, also inside its process. */
        String bootId();

        /** What it waits for; null: nothing, it takes people in. */
        @Nullable
        String startingPart();
    }

    Talk(Manner manner, Life life) {
        this.manner = manner;
        this.life = life;
    }

    void hold(WebSocketLine line) throws IOException {
        line.send("{\"type\":\"event\",\"event\":\"connect.challenge\",\"payload\":{\"nonce\":\"" + UUID.randomUUID()
                + "\",\"ts\":" + Clock.systemUTC().millis() + "}}");
        boolean known = false;
        for (String text = line.read(); text != null; text = line.read()) {
            Object said;
            try {
                said = Json.read(text);
            } catch (IllegalArgumentException noJson) {
                line.close(1008, "invalid frame");
                return;
            }
            String id = Json.quote(String.valueOf(Json.at(said, "id")));
            String method = String.valueOf(Json.at(said, "method"));
            if (!known) {
                known = connect(line, id, method, Json.at(said, "params"));
                if (!known) {
                    return;
                }
            } else if (method.equals("health")) {
                line.send("{\"type\":\"res\",\"id\":" + id + ",\"ok\":true,\"payload\":{\"ok\":true,\"ts\":"
                        + Clock.systemUTC().millis() + ",\"channels\":{}}}");
            } else {
                refuse(line, id, "INVALID_REQUEST", "unknown method: " + method, "");
            }
        }
    }

    private boolean connect(WebSocketLine line, String id, String method, @Nullable Object params) throws IOException {
        if (!method.equals("connect")) {
            refuse(line, id, "INVALID_REQUEST", "invalid handshake: first request must be connect", "");
            line.close(1008, "invalid handshake");
            return false;
        }
        if (!speaks(params)) {
            String details = ",\"details\":{\"expectedProtocol\":" + manner.protocol() + "}";
            refuse(line, id, "INVALID_REQUEST", "protocol mismatch", details);
            line.close(1002, "protocol mismatch");
            return false;
        }
        String part = life.startingPart();
        if (part != null) {
            String details = ",\"retryable\":true,\"details\":{\"reason\":" + Json.quote(part) + "}";
            refuse(line, id, "UNAVAILABLE", "gateway starting; retry shortly", details);
            line.close(1013, "gateway starting");
            return false;
        }
        if (!mayEnter(params)) {
            String why = "unauthorized: gateway token mismatch (provide gateway auth token)";
            refuse(line, id, "INVALID_REQUEST", why, "");
            line.close(1008, why);
            return false;
        }
        String boot = manner.hasProbes() ? ",\"bootId\":" + Json.quote(life.bootId()) : "";
        line.send("{\"type\":\"res\",\"id\":" + id + ",\"ok\":true,\"payload\":{\"type\":\"hello-ok\",\"protocol\":"
                + manner.protocol() + ",\"server\":{\"version\":" + Json.quote(manner.version()) + boot
                + ",\"connId\":\"" + UUID.randomUUID()
                + "\"},\"features\":{\"methods\":[\"health\"],\"events\":[\"connect.challenge\",\"shutdown\"]}}}");
        return true;
    }

    /** A newer gateway still takes a probing client of protocol 3. */
    private boolean speaks(@Nullable Object params) {
        double least = Json.at(params, "minProtocol") instanceof Double number ? number : 0;
        double most = Json.at(params, "maxProtocol") instanceof Double number ? number : 0;
        boolean probes = "probe".equals(Json.at(params, "client", "mode"));
        return least <= manner.protocol() && (most >= manner.protocol() || (probes && most >= 3));
    }

    /** Without a token Clawdbot lets everybody in. */
    private boolean mayEnter(@Nullable Object params) {
        byte[] expected = life.token().getBytes(StandardCharsets.UTF_8);
        byte[] said = String.valueOf(Json.at(params, "auth", "token")).getBytes(StandardCharsets.UTF_8);
        return (expected.length == 0 && manner == Manner.CLAWDBOT)
                || (expected.length > 0 && MessageDigest.isEqual(expected, said));
    }

    private static void refuse(WebSocketLine line, String id, String code, String why, String more) throws IOException {
        line.send("{\"type\":\"res\",\"id\":" + id + ",\"ok\":false,\"error\":{\"code\":\"" + code + "\",\"message\":"
                + Json.quote(why) + more + "}}");
    }
}
