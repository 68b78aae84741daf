package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            what the gateway says of itself stays    | Invalid config at /h/openclaw.json: gateway: Unrecognized key: "nonsense" | Invalid config at /h/openclaw.json: gateway: Unrecognized key: "nonsense"
            a port and a pid stay                    | another gateway (pid 4711) listens on ws://127.0.0.1:18789 | another gateway (pid 4711) listens on ws://127.0.0.1:18789
            a named token                            | gateway.auth.token=hunter2 is wrong       | gateway.auth.token=[redacted] is wrong
            a member of JSON                         | {"apiKey": "abc def", "port": 1}          | {"apiKey": [redacted], "port": 1}
            an environment variable                  | OPENAI_API_KEY=abc TZ=UTC                 | OPENAI_API_KEY=[redacted] TZ=UTC
            a header                                 | Authorization: Bearer abc.def-1           | Authorization: [redacted]
            a bearer alone                           | sent bearer abc123 to x                   | sent bearer [redacted] to x
            a password in a URL                      | http://me:secret@host/path                | http://[redacted]@host/path
            a provider's key by its shape            | failed with sk-proj-abcdefghijklmnop here | failed with [redacted] here
            a bot's token by its shape               | bot 123456789:AAabcdefghijklmnopqrstuvwxyz0123456 gone | bot [redacted] gone
            a JSON web token                         | got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc here      | got [redacted] here
            32 hexadecimal digits                    | id 0123456789abcdef0123456789abcdef       | id [redacted]
            40 letters and digits                    | x AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEf y | x [redacted] y
            a long path of words is no secret        | /home/somebody/.gatefleet/instances/main/gateway/workspace | /home/somebody/.gatefleet/instances/main/gateway/workspace
            """)
    void hidesSecretsAndKeepsReasons(String why, String text, String shown) {
        assertThat(Redaction.of(text, "")).isEqualTo(shown);
    }

    @Test
    void hidesTheInstancesTokenWhateverItLooksLike() {
        assertThat(Redaction.of("with plain-words inside", "plain-words")).isEqualTo("with [redacted] inside");
    }

    @Test
    void isOneLineWithoutColoursAndBells() {
        assertThat(Redaction.of("\u001B[31mred\u001B[0m\n\u0007two", "")).isEqualTo("red two");
    }
}
