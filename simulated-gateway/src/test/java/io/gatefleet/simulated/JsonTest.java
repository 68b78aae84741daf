package io.gatefleet.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsWhatPeopleWriteByHand() {
        Object read = Json.read("""
                // of the whole
                {
                  gateway: { 'port': 18789, "auth": { token: "a\\"b\\u0041" }, }, /* and more */
                  list: [1, -2.5e1, true, null,],
                  url: 'http://x//y', // not a comment inside
                }
                """);

        assertThat(Json.at(read, "gateway", "port")).isEqualTo(18789.0);
        assertThat(Json.at(read, "gateway", "auth", "token")).isEqualTo("a\"bA");
        assertThat(Json.at(read, "list")).asInstanceOf(LIST).containsExactly(1.0, -25.0, true, null);
        assertThat(Json.at(read, "url")).isEqualTo("http://x//y");
        assertThat(Json.at(read, "gateway", "absent", "deeper")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{a}", "{a:1} x", "{a:1 b:2}", "'open", "[1", "nul", "{a:}", "\"\\u12\""})
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quotesSoThatItReadsTheSame() {
        String nasty = "a\"b\\c\nd\u0001é";
        assertThat(Json.read(Json.quote(nasty))).isEqualTo(nasty);
    }
}
