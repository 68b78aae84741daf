package io.gatefleet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmthTest {
    @ParameterizedTest
    @CsvSource({
        "100, false", // nothing to compare with
        "100 101 102 103, false", // three flat turns are chance
        "100 101 102 103 104, true",
        "100 200 400, false", // still growing
        "100 200 400 390 410 405 400, true",
        "100 99 101 120 121 122 121, false", // flat turns and then growth begin anew
        "100 99 101 120 121 122 121 120, true",
        "0 0 0 0, true" // a service that answers nothing becomes no better
    })
    void warmIsWhatNoLongerGrows(String turns, boolean warm) {
        Warmth warmth = new Warmth();

        Arrays.stream(turns.split(" ")).mapToDouble(Double::parseDouble).forEach(warmth::turn);

        assertThat(warmth.isWarm()).isEqualTo(warm);
    }
}
