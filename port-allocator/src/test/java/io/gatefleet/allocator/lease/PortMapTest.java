package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortMapTest {
    private static final int ANY_BASE = 65_535;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an empty pool starts at its first port  | 20000-20009             |                   | 0-2   | 20000
            a hole that just fits is used           | 20000-20009             | 20000,20004       | 0-2   | 20001
            a hole one port too small is skipped    | 20000-20009             | 20000,20003       | 0-2   | 20004
            no hole is wide enough                  | 20000-20009             | 20002,20005,20008 | 0-2   |
            the last run of the pool                | 20000-20009             | 20000-20006       | 0-2   | 20007
            one port short of the last run          | 20000-20009             | 20000-20007       | 0-2   |
            a pool in two parts is not bridged      | 20000-20001,20003-20005 |                   | 0-2   | 20003
            a taken port outside of the pool        | 20000-20009             | 19999,20010       | 0-9   | 20000
            a sparse footprint straddles a port     | 20000-20009             | 20001             | 0,2   | 20000
            a sparse footprint's second run blocked | 20000-20009             | 20005             | 0,5   | 20001
            a sparse footprint's base blocked       | 20000-20009             | 20000,20002       | 0,5   | 20001
            runs that interleave with what is taken | 20000-20019             | 20001-20004       | 0,5-6 | 20000
            one port                                | 20000-20009             | 20000-20008       | 0     | 20009
            """)
    void theLowestFreePlaceIsFound(
            String why, String pool, @Nullable String taken, String footprint, @Nullable Integer expected) {
        PortMap map = new PortMap(PortSet.parse(pool)).take(PortSet.parse(taken == null ? "" : taken));

        OptionalInt base = map.lowest(Footprint.parse(footprint), ANY_BASE);

        assertThat(base).isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }

    @Test
    void noBaseIsAboveTheCap() {
        PortMap map = new PortMap(PortSet.parse("20000-20009"));

        assertThat(map.lowest(Footprint.contiguous(2), 20_000)).hasValue(20_000);
        map.take(PortSet.of(20_000));
        assertThat(map.lowest(Footprint.contiguous(2), 20_000)).isEmpty();
        assertThat(map.fits(Footprint.contiguous(2), 20_001, 20_000)).isFalse();
        assertThat(map.fits(Footprint.contiguous(2), 20_001, 20_001)).isTrue();
    }

    @Test
    void countingTakesNothing() {
        PortMap map = new PortMap(PortSet.parse("20000-20009"));

        assertThat(map.count(Footprint.contiguous(3), ANY_BASE)).isEqualTo(3);
        assertThat(map.free().size()).isEqualTo(10);
    }

    @RepeatedTest(500) // the repetition is the seed, so a failure can be run again
    void theSkippingSearchFindsWhatTryingEveryBaseFinds(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        PortSet pool = random(random, 20_000, 600, 0.5 + random.nextDouble() / 2);
        PortSet taken = random(random, 20_000, 600, random.nextDouble() * random.nextDouble());
        BitSet offsets = new BitSet();
        offsets.set(0);
        for (int i = random.nextInt(8); i > 0; i--) {
            int first = random.nextInt(40);
            offsets.set(first, first + 1 + random.nextInt(5));
        }
        Footprint footprint = Footprint.of(offsets);
        int highestBase = random.nextBoolean() ? ANY_BASE : 20_000 + random.nextInt(600);

        OptionalInt found = new PortMap(pool).take(taken).lowest(footprint, highestBase);

        PortSet free = pool.minus(taken);
        OptionalInt naive = pool.stream()
                .filter(base -> base <= highestBase && free.containsAll(footprint.at(base)))
                .findFirst();
        assertThat(found).isEqualTo(naive);
    }

    private static PortSet random(Random random, int first, int width, double part) {
        BitSet bits = new BitSet();
        for (int port = first; port < first + width; port++) {
            if (random.nextDouble() < part) {
                bits.set(port);
            }
        }
        return PortSet.of(bits);
    }
}
