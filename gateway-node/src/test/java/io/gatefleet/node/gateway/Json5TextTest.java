package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gatefleet.contract.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Json5TextTest {
    private static final String WRITTEN_BY_HAND = """
            // my gateway
            {
              /* the part
                 that I care for */
              agents: { 'defaults': { model: "x", temperature: .5, limit: 1e3, }, }, // and more
              "gateway": {
                port: 18789, // as the manual says
                auth: { mode: 'token' },
              },
              list: [1, 'two', { three: 3 }],
            }
            // the end
            """;

    @Test
    void changesAValueAndNothingElse() {
        Json5Text changed = parse(WRITTEN_BY_HAND).with(List.of("gateway", "port"), number(20000));

        assertThat(changed).hasToString(WRITTEN_BY_HAND.replace("port: 18789", "port: 20000"));
        assertThat(changed.scalar(List.of("gateway", "port"))).contains(number(20000));
    }

    @Test
    void putsAMissingMemberFirst() {
        Json5Text changed = parse(WRITTEN_BY_HAND).with(List.of("gateway", "bind"), text("loopback"));

        assertThat(changed)
                .hasToString(
                        WRITTEN_BY_HAND.replace("\"gateway\": {\n", "\"gateway\": {\n    \"bind\": \"loopback\",\n"));
    }

    @Test
    void makesTheObjectsOnTheWay() {
        Json5Text changed = parse(WRITTEN_BY_HAND).with(List.of("browser", "profiles", "work", "cdpPort"), number(7));

        assertThat(changed.scalar(List.of("browser", "profiles", "work", "cdpPort")))
                .contains(number(7));
        assertThat(changed.toString()).contains("// as the manual says", "temperature: .5", "// the end");
    }

    @Test
    void putsAMemberIntoAnObjectOnOneLine() {
        assertThat(parse("{a: {b: 1}}").with(List.of("a", "c"), number(2))).hasToString("{a: {\"c\": 2, b: 1}}");
        assertThat(parse("{}").with(List.of("a"), number(2))).hasToString("{\n  \"a\": 2\n}");
    }

    @Test
    void takesAwayWhatItPutThere() {
        for (String text : List.of(WRITTEN_BY_HAND, "{}", "{a: {b: 1}}", "{a: {}}")) {
            Json5Text grown = parse(text).with(List.of("new", "deep", "port"), number(1));
            assertThat(grown.without(List.of("new", "deep", "port")).names(List.of()))
                    .as(text)
                    .isEqualTo(parse(text).names(List.of()));
        }
        assertThat(parse(WRITTEN_BY_HAND).with(List.of("x"), number(1)).without(List.of("x")))
                .hasToString(WRITTEN_BY_HAND);
    }

    @Test
    void takesAwayALastMemberAndOneWithAComment() {
        assertThat(parse("{a: 1, b: 2}").without(List.of("b")).names(List.of())).containsExactly("a");
        assertThat(parse("{a: 1 /* c */ , // d\n b: 2}").without(List.of("a")).names(List.of()))
                .containsExactly("b");
        assertThat(parse("{a: 1}").without(List.of("absent"))).hasToString("{a: 1}");
    }

    @Test
    void readsTheLastOfTwoMembersAsJavaScriptDoes() {
        assertThat(parse("{a: 1, a: 2}").scalar(List.of("a"))).contains(number(2));
    }

    @Test
    void findsNoScalarWhereAnObjectOrNothingStands() {
        Json5Text document = parse(WRITTEN_BY_HAND);

        assertThat(document.scalar(List.of("gateway"))).isEmpty();
        assertThat(document.scalar(List.of("gateway", "port", "deeper"))).isEmpty();
        assertThat(document.has(List.of("gateway"))).isTrue();
        assertThat(document.has(List.of("gateways"))).isFalse();
        assertThat(document.raw(List.of("gateway", "auth"))).contains("{ mode: 'token' }");
    }

    @Test
    void saysWhatStandsInTheWay() {
        assertThatThrownBy(() -> parse("{gateway: 5}").with(List.of("gateway", "port"), number(1)))
                .isInstanceOf(BadInput.class)
                .hasMessage("gateway: 5 (expected: an object)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{a}",
                "{a: 1} b",
                "{a: tokenWithoutQuotes1234}",
                "{a: 'open}",
                "{a: 0xZ}",
                "{a: 0x}"
            })
    void refusesWhatIsNoObjectWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> Json5Text.parse("openclaw.json", text))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("openclaw.json: ")
                .hasMessageNotContaining("tokenWithoutQuotes");
    }

    @Test
    void understandsAByteOrderMarkAndEscapedLines() {
        assertThat(parse("\uFEFF{a: 'b\\\nc'}").has(List.of("a"))).isTrue();
    }

    @Test
    void understandsHexadecimalNumbersAndLeavesThemAsTheyStand() {
        String text = "{x0x1: 0x384, /* 0x1 */ b: -0xFf, c: 'it\\'s 0x10', // 0x2\n d: [0X0, 0xFFFFFFFFF]}";
        Json5Text document = parse(text);

        assertThat(document.names(List.of())).containsExactly("x0x1", "b", "c", "d");
        assertThat(document.scalar(List.of("x0x1"))).contains(number(900));
        assertThat(document.scalar(List.of("b"))).contains(number(-255));
        assertThat(document.scalar(List.of("c"))).contains(text("it's 0x10"));
        assertThat(document.raw(List.of("x0x1"))).contains("0x384");
        assertThat(document.with(List.of("b"), number(1))).hasToString(text.replace("-0xFf", "1"));
    }

    private static Json5Text parse(String text) {
        return Json5Text.parse("test", text);
    }

    private static JsonNode number(int value) {
        return JsonNodeFactory.instance.numberNode(value);
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }
}
