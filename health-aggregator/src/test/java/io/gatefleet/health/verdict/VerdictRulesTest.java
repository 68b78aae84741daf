package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.health.verdict.VerdictRules.Doubt;
import io.gatefleet.health.verdict.VerdictRules.Flapping;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictRulesTest {
    private static final VerdictRules RULES = VerdictRules.defaults();

    @ParameterizedTest(name = "{1} of {0} are believed")
    @CsvSource({"0, 3", "1, 3", "10, 3", "19, 3", "20, 4", "30, 6", "1000, 200"})
    void silenceOfThreeOrOfAFifthIsBelieved(int all, int believed) {
        assertThat(Doubt.DEFAULT.believed(all)).isEqualTo(believed);
    }

    static Stream<Arguments> wrong() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                wrong("suspect", () -> RULES.withSilence(Duration.ZERO, second)),
                wrong("silent", () -> RULES.withSilence(second, second)),
                wrong("forget", () -> RULES.withSilence(second, Duration.ofDays(2))),
                wrong("badToFall", () -> RULES.withChecks(0, 1)),
                wrong("badToFall", () -> RULES.withChecks(101, 1)),
                wrong("goodToRise", () -> RULES.withChecks(1, 0)),
                wrong("flapping.window", () -> new Flapping(2, 0.3, 0.1)),
                wrong("flapping", () -> new Flapping(21, 0.3, 0.3)),
                wrong("flapping", () -> new Flapping(21, 1.1, 0.3)),
                wrong("flapping", () -> new Flapping(21, Double.NaN, 0.3)),
                wrong("doubt.least", () -> new Doubt(0, 0.2, second)),
                wrong("doubt.share", () -> new Doubt(3, 1.01, second)),
                wrong("doubt.share", () -> new Doubt(3, Double.NaN, second)),
                wrong("doubt.longest", () -> new Doubt(3, 0.2, second.negated())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aRuleThatNobodyCanFollowIsRefusedByItsName(String name, ThrowingCallable rule) {
        assertThatThrownBy(rule).isInstanceOfSatisfying(BadInput.class, bad -> assertThat(bad.name())
                .isEqualTo(name));
    }

    private static Arguments wrong(String name, ThrowingCallable rule) {
        return Arguments.of(name, rule);
    }
}
