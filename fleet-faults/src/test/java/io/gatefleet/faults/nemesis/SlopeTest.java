package io.gatefleet.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SlopeTest {
    @Test
    void aLeakIsSeenThoughLivesBeginAnewAndOnDifferentLevels() {
        Slope slope = new Slope();
        for (int minute = 0; minute < 10; minute++) {
            slope.add("first", minute, 20 + 2 * minute);
        }
        for (int minute = 10; minute < 20; minute++) {
            slope.add("second", minute, 5 + 2 * (minute - 10));
        }

        assertThat(slope.perMinute()).isCloseTo(2, within(1e-9));
        assertThat(slope.minutes()).isEqualTo(18);
        assertThat(slope.largest()).isEqualTo(38);
    }

    @Test
    void livesOnDifferentLevelsAreNoGrowth() {
        Slope slope = new Slope();
        for (int minute = 0; minute < 10; minute++) {
            slope.add(minute < 5 ? "first" : "second", minute, minute < 5 ? 10 : 30);
        }

        assertThat(slope.perMinute()).isZero();
    }

    @RepeatedTest(20)
    void noiseIsNoGrowth(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Slope slope = new Slope();
        for (int sample = 0; sample < 300; sample++) {
            slope.add("one", sample / 12.0, 100 + random.nextGaussian());
        }

        assertThat(slope.perMinute()).isCloseTo(0, within(0.05));
    }

    @Test
    void oneSampleSaysNothing() {
        Slope slope = new Slope();
        slope.add("one", 1, 100);

        assertThat(slope.perMinute()).isZero();
        assertThat(slope.samples()).isEqualTo(1);
    }
}
