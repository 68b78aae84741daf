package io.gatefleet.contract.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
    private static final Map<String, String> LABELS = Map.of(
            "team",
            "a",
            "zone",
            "north",
            "in",
            "x",
            "empty",
            "",
            "note",
            "a, (b) \"c\"",
            "free",
            "two words",
            "k8s.io/x",
            "1");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            team                          | true
            !team                         | false
            absent                        | false
            !absent                       | true
            ! absent                      | true
            team=a                        | true
            team==a                       | true
            team = a                      | true
            team=b                        | false
            team=A                        | false
            absent=a                      | false
            team!=b                       | true
            team!=a                       | false
            absent!=a                     | true
            zone in (north,west)          | true
            zone in ( west , north )      | true
            zone in(north)                | true
            zone in (west)                | false
            absent in (north)             | false
            zone notin (west)             | true
            zone notin (north,west)       | false
            absent notin (north)          | true
            empty=                        | true
            team=                         | false
            empty in ()                   | true
            free=two words                | true
            note="a, (b) \\"c\\""         | true
            note in ("a, (b) \\"c\\"", z) | true
            k8s.io/x=1                    | true
            in                            | true
            in in (x)                     | true
            in notin (x)                  | false
            team=a,zone=north             | true
            team=a, zone=west             | false
            team, !absent, zone in (north, west), free!=x | true
            """)
    void aSelectorWantsAnInstanceWhenAllOfItHolds(String text, boolean wanted) {
        assertThat(LabelSelector.parse(text).test(LABELS)).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "team,",
                ",team",
                "=a",
                "!",
                "!!team",
                "team=a=(b",
                "team in",
                "team in north",
                "team in (north",
                "team in north)",
                "team (a)",
                "team is a",
                "team=\"a",
                "team=\"a\"b",
                "-team=a",
                "té=a",
                "team in (a))",
                "team!a",
                "!team=a"
            })
    void whatCannotBeReadIsQuotedWithWhatIsExpected(String text) {
        assertThatThrownBy(() -> LabelSelector.parse(text)).isInstanceOf(BadInput.class);
    }

    @Test
    void whatWasWrongIsPointedAt() {
        assertThatThrownBy(() -> LabelSelector.parse("team=a, zone in north"))
                .hasMessageContaining("team=a, zone in north, at character 17")
                .hasMessageContaining("KEY notin (A,B)");
    }

    @Test
    void severalMustAllHoldAndNoneWantsEverybody() {
        assertThat(LabelSelector.parse(List.of("team=a", "zone=west,in")).test(LABELS))
                .isFalse();
        assertThat(LabelSelector.parse(List.of("team=a", "zone=north")).test(LABELS))
                .isTrue();
        assertThat(LabelSelector.parse(List.of())).isEqualTo(LabelSelector.ALL);
        assertThat(LabelSelector.ALL.test(Map.of())).isTrue();
    }

    @Test
    void itIsBounded() {
        String keys = IntStream.range(0, 33).mapToObj(i -> "k" + i).collect(Collectors.joining(","));
        String values = IntStream.range(0, 65).mapToObj(i -> "v" + i).collect(Collectors.joining(","));

        assertThatThrownBy(() -> LabelSelector.parse(keys)).hasMessageContaining("at most 32");
        assertThatThrownBy(() -> LabelSelector.parse("k in (" + values + ")")).hasMessageContaining("1 to 64");
        assertThatThrownBy(() -> LabelSelector.parse("k=" + "x".repeat(5000))).hasMessageContaining("at most 4096");
    }
}
