package io.gatefleet.registry.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Registration.Pace;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingTest {
    @ParameterizedTest(name = "{0} nodes, term {1} ms: every {2} ms")
    @CsvSource({
        "0, 30000, 1000",
        "1, 30000, 1000",
        "100, 30000, 1000",
        "101, 30000, 1010",
        "500, 30000, 5000",
        "1000, 30000, 5000",
        "10000, 30000, 5000",
        "15000, 30000, 7500",
        "50000, 30000, 10000",
        "50000, 300000, 25000",
        "1, 900, 300",
        "1, 2, 1",
    })
    void tenThousandNodesSpeakEveryFiveSecondsAndEachOneThriceATerm(int nodes, long term, long beat) {
        assertThat(new Pacing(Duration.ofSeconds(1), 2000).of(nodes, term).beatMillis())
                .isEqualTo(beat);
    }

    @ParameterizedTest(name = "{0} nodes that speak every {1} ms: {2} ms")
    @CsvSource({
        "0, 1000, 0",
        "1, 1, 0",
        "499, 1000, 0",
        "500, 1000, 100",
        "2499, 5000, 0",
        "2500, 5000, 500",
        "50000, 10000, 500"
    })
    void whoSpeaksInAFleetThatSpeaksOftenHasATenthOfItsPaceToSpare(int nodes, long beat, long spare) {
        assertThat(Pacing.spareMillis(nodes, new Pace(beat, 30_000))).isEqualTo(spare);
    }

    @ParameterizedTest
    @CsvSource({"PT0S,100,beat", "PT2M,100,beat", "PT1S,0,heartbeatsPerSecond", "PT1S,100001,heartbeatsPerSecond"})
    void aPaceThatNobodyCanKeepIsRefused(Duration shortest, int perSecond, String name) {
        assertThatThrownBy(() -> new Pacing(shortest, perSecond))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo(name));
    }
}
