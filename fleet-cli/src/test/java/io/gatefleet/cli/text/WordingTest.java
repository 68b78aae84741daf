package io.gatefleet.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0 ms",
        "850, 850 ms",
        "1999, 1 s",
        "119999, 119 s",
        "120000, 2 min",
        "7199000, 119 min",
        "7200000, 2 h",
        "172799000, 47 h",
        "172800000, 2 d"
    })
    void aTimeIsSaidInOneUnit(long millis, String said) {
        assertThat(Wording.time(millis)).isEqualTo(said);
    }

    @Test
    void linesBreakBetweenWordsAndHangUnderTheirLead() {
        assertThat(Wording.wrap("next: ", "one two three anextremelylongword four", 14))
                .containsExactly("next: one two", "      three", "      anextremelylongword", "      four");
    }

    @Test
    void numbersStandToTheRightAndColourDoesNotMoveThem() {
        Table black = new Table(Ink.BLACK, "WHO", ">PORT");
        Table colour = new Table(Ink.COLOUR, "WHO", ">PORT");
        for (Table table : new Table[] {black, colour}) {
            table.tonedRow(Tone.GOOD, 0, "main", 80).tonedRow(Tone.BAD, 0, "rescue", 18789);
        }

        assertThat(black.lines()).containsExactly("WHO      PORT", "main       80", "rescue  18789");
        assertThat(colour.toString().replaceAll("\u001b\\[\\d*m", "")).isEqualTo(black.toString());
    }
}
