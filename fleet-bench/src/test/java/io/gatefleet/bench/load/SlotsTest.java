package io.gatefleet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void theFirstTryOfEverySeatIsASlotOfThePool() {
        for (Seat seat : Seat.of("fleet", 50, 20)) {
            assertThat(Slots.first(seat)).isBetween(0, Seat.FITS - 1).isEqualTo(Slots.first(seat));
        }
    }

    @Test
    void theNextIsAlwaysAFreeOne() {
        BitSet taken = new BitSet();
        for (int left = Seat.FITS; left > 0; left--) {
            int slot = Slots.next(taken);
            assertThat(slot).isBetween(0, Seat.FITS - 1);
            assertThat(taken.get(slot)).isFalse();
            taken.set(slot);
        }
        assertThatThrownBy(() -> Slots.next(taken)).isInstanceOf(IllegalStateException.class);
    }
}
