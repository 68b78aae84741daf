package io.gatefleet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemTest {
    static Stream<Problem> problems() {
        Problem bare = Problem.of(401, "token-missing", "Who asks is not known", "Show one.", Map.of());
        return Stream.of(
                bare,
                bare.at("/v1/instances"),
                Problem.of(400, "bad-input", "Cannot be used", "So it is.", Map.of("name", "host", "value", "Mill")));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void whatIsWrittenIsReadTheSameWithFactsAndWithout(Problem problem) {
        assertThat(Wire.LENIENT.read(Wire.LENIENT.write(problem), Problem.class))
                .isEqualTo(problem);
        assertThat(Wire.STRICT.read(Wire.STRICT.write(problem), Problem.class)).isEqualTo(problem);
    }
}
