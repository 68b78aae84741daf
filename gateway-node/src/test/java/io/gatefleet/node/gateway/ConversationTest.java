package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.node.gateway.Answer.Hello;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationTest {
    private static final String TOKEN = "not-to-be-shown";
    private static final String CHALLENGE =
            "{\"type\":\"event\",\"event\":\"connect.challenge\",\"payload\":{\"nonce\":\"n\",\"ts\":1}}";

    private final Conversation conversation = new Conversation(TOKEN, true);

    /**
     * What the real programs sent, shortened; {@code ~} parts messages, {@code close N reason} is the connection's end,
     * {@code silence} is time running out.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            OpenClaw 2026.9.6            | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","protocol":4,"server":{"version":"2026.9.6","bootId":"65c93a30-0a9c"}}}~{"type":"res","id":"2","ok":true,"payload":{"ok":true}} | live ready ACCEPTED 2026.9.6 65c93a30-0a9c |
            Clawdbot 2026.1.24-3         | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","protocol":3,"server":{"version":"dev"}}}~{"type":"event","event":"health","payload":{"ok":true}}~{"type":"res","id":"2","ok":true,"payload":{"ok":true}} | live ready ACCEPTED |
            its sidecars start           | C~{"type":"res","id":"1","ok":false,"error":{"code":"UNAVAILABLE","message":"gateway starting; retry shortly","details":{"reason":"startup-sidecars"}}}~close 1013 gateway starting | live UNSAID startup-sidecars | it takes nobody in (close 1013, gateway starting; retry shortly)
            another token                | C~{"type":"res","id":"1","ok":false,"error":{"code":"INVALID_REQUEST","message":"unauthorized: gateway token mismatch (provide gateway auth token)"}}~close 1008 unauthorized | bad REFUSED | another gateway, or another token: it refused this instance's token (close 1008, unauthorized: gateway token mismatch (provide gateway auth token))
            closed without a word        | C~close 1008 unauthorized | bad REFUSED | another gateway, or another token: it refused this instance's token (close 1008, unauthorized)
            another protocol             | C~{"type":"res","id":"1","ok":false,"error":{"message":"protocol mismatch","details":{"expectedProtocol":9}}}~close 1002 protocol mismatch | bad UNSAID | it speaks none of the protocols 3 to 4 (close 1002, protocol mismatch)
            ends while it is asked       | C~{"type":"event","event":"shutdown"}~close 1012 service restart | bad draining UNSAID | it takes nobody in (close 1012, service restart)
            hello, then it hangs         | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","server":{}}}~silence | live ACCEPTED | no health after its hello: silence
            hello, then it breaks        | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","server":{}}}~close 1006 | live ACCEPTED | it closed its WebSocket before it said its health (close 1006)
            not well                     | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","server":{}}}~{"type":"res","id":"2","ok":true,"payload":{"ok":false}} | live ACCEPTED | health: not ok
            health refused               | C~{"type":"res","id":"1","ok":true,"payload":{"type":"hello-ok","server":{}}}~{"type":"res","id":"2","ok":false,"error":{"message":"missing scope"}} | live ACCEPTED | health: missing scope
            a challenge and no more      | C~silence | bad UNSAID | no hello after its challenge: silence
            no challenge                 | silence | bad UNSAID | no connect.challenge on its WebSocket: silence
            closed at once               | close 1000 | bad UNSAID | it closed its WebSocket without connect.challenge (close 1000): no gateway
            other JSON                   | {"method":"Page.enable"} | bad UNSAID | its WebSocket does not begin with connect.challenge: no gateway
            no JSON                      | welcome | bad UNSAID | its WebSocket does not speak JSON: no gateway
            """)
    void judges(String what, String heard, String verdict, @Nullable String trouble) {
        for (String text : heard.split("~", -1)) {
            if (text.startsWith("close ")) {
                String[] parts = text.split(" ", 3);
                conversation.closed(Integer.parseInt(parts[1]), parts.length < 3 ? "" : parts[2]);
            } else if (text.equals("silence")) {
                conversation.ended(text);
            } else {
                conversation.hear(text.equals("C") ? CHALLENGE : text);
            }
        }

        assertThat(conversation.over()).isTrue();
        Answer answer = conversation.answer(1);
        StringBuilder said = new StringBuilder(answer.live() ? "live" : "bad");
        said.append(answer.ready() ? " ready" : "").append(answer.draining() ? " draining" : "");
        said.append(' ').append(answer.identity().hello());
        said.append(
                answer.identity().version() == null
                        ? ""
                        : " " + answer.identity().version());
        said.append(
                answer.identity().bootId() == null
                        ? ""
                        : " " + answer.identity().bootId());
        answer.failing().forEach(part -> said.append(' ').append(part));
        assertThat(said).hasToString(verdict);
        assertThat(answer.trouble()).isEqualTo(trouble);
    }

    @Test
    void itSaysWhatEveryVersionUnderstands() {
        JsonObject connect = new JsonObject(conversation.hear(CHALLENGE)).getJsonObject("params");

        assertThat(connect.getInteger("minProtocol")).isEqualTo(3);
        assertThat(connect.getInteger("maxProtocol")).isEqualTo(4);
        assertThat(connect.getString("role")).isEqualTo("operator");
        assertThat(connect.getJsonArray("scopes")).containsExactly("operator.read");
        assertThat(connect.getJsonObject("client").getString("mode")).isEqualTo("probe");
        assertThat(connect.getJsonObject("auth").getString("token")).isEqualTo(TOKEN);
    }

    @Test
    void theTokenIsShownNowhere() {
        conversation.hear(CHALLENGE);
        conversation.closed(1008, "unauthorized: " + TOKEN + " is not my token");

        assertThat(conversation.answer(1).toString()).doesNotContain(TOKEN);
        assertThat(conversation.toString()).doesNotContain(TOKEN);
    }

    @Test
    void whoeverTalksWithoutAnsweringIsCutOff() {
        conversation.hear(CHALLENGE);
        for (int i = 0; i < 100; i++) {
            conversation.hear("{\"type\":\"event\",\"event\":\"tick\"}");
        }

        assertThat(conversation.over()).isTrue();
        assertThat(conversation.answer(1).trouble()).isEqualTo("it sent 64 messages and no answer among them");
    }

    @Test
    void anIdentityEndsWithTheHello() {
        Conversation brief = new Conversation(TOKEN, false);
        brief.hear(CHALLENGE);

        String next = brief.hear("{\"type\":\"res\",\"id\":\"1\",\"ok\":true,\"payload\":{\"type\":\"hello-ok\","
                + "\"server\":{\"bootId\":\"b <script>\"}}}");

        assertThat(next).isNull();
        assertThat(brief.over()).isTrue();
        assertThat(brief.answer(1).identity()).isEqualTo(new Answer.Identity(Hello.ACCEPTED, null, null));
    }
}
