package io.gatefleet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OverlapsTest {
    private static final int BASE = Seat.POOL_FIRST;

    private final Overlaps overlaps = new Overlaps();

    private static Grant grant(String host, int instance, int base) {
        return new Grant(new Seat(host, instance), base, "proof");
    }

    @Test
    void rangesSideBySideAreNoOverlap() {
        overlaps.granted(grant("a", 1, BASE));
        overlaps.granted(grant("a", 2, BASE + Seat.WIDTH));

        assertThat(overlaps.found()).isZero();
        assertThat(overlaps.grants()).isEqualTo(2);
    }

    @Test
    void onePortInCommonIsOne() {
        overlaps.granted(grant("a", 1, BASE));
        overlaps.granted(grant("a", 2, BASE + Seat.WIDTH - 1));

        assertThat(overlaps.found()).isEqualTo(1);
    }

    @Test
    void theSamePortsOfAnotherHostAreOthers() {
        overlaps.granted(grant("a", 1, BASE));
        overlaps.granted(grant("b", 1, BASE));

        assertThat(overlaps.found()).isZero();
    }

    @Test
    void whatWasGivenBackMayBeLentAgain() {
        Grant first = grant("a", 1, BASE);
        overlaps.granted(first);
        overlaps.released(first);
        overlaps.granted(grant("a", 2, BASE));

        assertThat(overlaps.found()).isZero();
    }

    @Test
    void nobodyGivesBackWhatHeNeverGot() {
        assertThatThrownBy(() -> overlaps.released(grant("a", 1, BASE))).isInstanceOf(IllegalStateException.class);
    }
}
