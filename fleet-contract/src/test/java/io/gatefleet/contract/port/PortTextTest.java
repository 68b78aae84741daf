package io.gatefleet.contract.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.util.BitSet;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges, sets and footprints as people write and read them. */
class PortTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            18789              | 18789              | 1
            18789-18899        | 18789-18899        | 111
            20000-20001,20002  | 20000-20002        | 3
            9,7,8              | 7-9                | 3
            1-5,3-9            | 1-9                | 9
            ' 80 , 90 - 91 '   | -                  | 0
            ' 80 , 90-91 '     | 80,90-91           | 3
            1-65535            | 1-65535            | 65535
            ''                 | ''                 | 0
            ' '                | ''                 | 0
            """)
    void aSetIsWrittenInItsShortestForm(String text, @Nullable String written, int size) {
        if (written == null) {
            assertThatThrownBy(() -> PortSet.parse(text)).isInstanceOf(BadInput.class);
        } else {
            assertThat(PortSet.parse(text)).hasToString(written);
            assertThat(PortSet.parse(text).size()).isEqualTo(size);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "65536", "70000", "1-0", "5-4", "-5", "1-", "1--5", "a", "1,,2", "1,", ",", "1-2-3", "１"})
    void whatIsNoSetIsRefusedWithWhatWasWritten(String text) {
        assertThatThrownBy(() -> PortSet.parse(text)).isInstanceOfSatisfying(BadInput.class, bad -> {
            assertThat(bad.name()).isIn("ports", "portRange");
            assertThat(bad.expected()).isNotBlank();
        });
    }

    @Test
    void aTextThatIsTooLongIsNotEvenParsed() {
        assertThatThrownBy(() -> PortSet.parse("1,".repeat(20_000)))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.expected()).contains("characters"));
    }

    @RepeatedTest(200) // the repetition is the seed
    void whatASetWritesItReads(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        BitSet bits = new BitSet();
        for (int i = random.nextInt(30); i > 0; i--) {
            int first = 1 + random.nextInt(65_000);
            bits.set(first, first + 1 + random.nextInt(100));
        }
        PortSet ports = PortSet.of(bits);

        assertThat(PortSet.parse(ports.toString())).isEqualTo(ports);
        assertThat(ports.size()).isEqualTo(bits.cardinality());
        assertThat(ports.stream().toArray()).isEqualTo(bits.stream().toArray());
    }

    @Test
    void aSetDoesNotChangeWithTheBitsThatItWasMadeFrom() {
        BitSet bits = new BitSet();
        bits.set(80);
        PortSet ports = PortSet.of(bits);
        bits.set(81);
        ports.bits().set(82);

        assertThat(ports).hasToString("80");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1-10 | 5-15  | 5-10 | 1-15      | 1-4  | true
            1-10 | 20    | ''   | 1-10,20   | 1-10 | false
            1-10 | ''    | ''   | 1-10      | 1-10 | false
            5    | 1-10  | 5    | 1-10      | ''   | true
            """)
    void setsAreAddedAndTakenAway(String left, String right, String and, String plus, String minus, boolean overlaps) {
        PortSet one = PortSet.parse(left);
        PortSet other = PortSet.parse(right);

        assertThat(one.and(other)).hasToString(and);
        assertThat(one.plus(other)).hasToString(plus);
        assertThat(one.minus(other)).hasToString(minus);
        assertThat(one.overlaps(other)).isEqualTo(overlaps);
        assertThat(one.containsAll(other)).isEqualTo(other.minus(one).isEmpty());
        assertThat(one).as("neither is changed").hasToString(left);
    }

    @Test
    void aSetKnowsItsEnds() {
        assertThat(PortSet.parse("80,90-99").lowest()).isEqualTo(80);
        assertThat(PortSet.parse("80,90-99").highest()).isEqualTo(99);
        assertThat(PortSet.EMPTY.lowest()).isEqualTo(-1);
        assertThat(PortSet.EMPTY.highest()).isEqualTo(-1);
        assertThat(PortSet.of(80).contains(80)).isTrue();
        assertThat(PortSet.of(80).contains(-1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1,65535", "80,80"})
    void aRangeHasTwoEnds(int first, int last) {
        PortRange range = new PortRange(first, last);

        assertThat(range.width()).isEqualTo(last - first + 1);
        assertThat(PortRange.parse(range.toString())).isEqualTo(range);
        assertThat(PortRange.of(first, range.width())).isEqualTo(range);
        assertThat(range.contains(first) && range.contains(last)).isTrue();
        assertThat(range.contains(first - 1) || range.contains(last + 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0,5", "5,4", "1,65536", "-1,1"})
    void aRangeThatIsNoneCannotBeMade(int first, int last) {
        assertThatThrownBy(() -> new PortRange(first, last))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.value()).isEqualTo(first + "-" + last));
    }

    @ParameterizedTest
    @CsvSource({"1-10,10-20,true", "1-10,11-20,false", "5-6,1-10,true"})
    void rangesOverlapInOnePortAtLeast(String left, String right, boolean overlap) {
        assertThat(PortRange.parse(left).overlaps(PortRange.parse(right))).isEqualTo(overlap);
        assertThat(PortRange.parse(right).overlaps(PortRange.parse(left))).isEqualTo(overlap);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0        | 0        | 1   | 1
            0-110    | 0-110    | 111 | 111
            0-3,7    | 0-3,7    | 8   | 5
            7,0-3    | 0-3,7    | 8   | 5
            0,1,2    | 0-2      | 3   | 3
            0-255    | 0-255    | 256 | 256
            """)
    void aFootprintIsASetOfOffsets(String text, String written, int span, int size) {
        Footprint footprint = Footprint.parse(text);

        assertThat(footprint).hasToString(written).isEqualTo(Footprint.parse(written));
        assertThat(footprint.span()).isEqualTo(span);
        assertThat(footprint.size()).isEqualTo(size);
        assertThat(footprint.isContiguous()).isEqualTo(span == size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1-5", "0-256", "0,300", "-1", "0-", "0--1", "x", "0,,1", "3-1,0"})
    void whatIsNoFootprintIsRefused(String text) {
        assertThatThrownBy(() -> Footprint.parse(text))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("footprint"));
    }

    @Test
    void aFootprintStandsAtABase() {
        assertThat(Footprint.parse("0-3,7").at(18_789)).hasToString("18789-18792,18796");
        assertThat(Footprint.contiguous(111).at(65_425)).hasToString("65425-65535");
        assertThatThrownBy(() -> Footprint.contiguous(111).at(65_426)).isInstanceOfSatisfying(BadInput.class, bad -> {
            assertThat(bad.name()).isEqualTo("base");
            assertThat(bad.expected()).isEqualTo("1 to 65425 for 0-110");
        });
        assertThatThrownBy(() -> Footprint.contiguous(1).at(0)).isInstanceOf(BadInput.class);
        assertThatThrownBy(() -> Footprint.contiguous(0)).isInstanceOf(BadInput.class);
        assertThatThrownBy(() -> Footprint.contiguous(257)).isInstanceOf(BadInput.class);
    }
}
