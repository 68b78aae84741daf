package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatefleet.contract.health.Verdict.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlapFilterTest {
    private static final VerdictRules.Flapping RULES = VerdictRules.Flapping.DEFAULT;

    private final FlapFilter filter = new FlapFilter(RULES);

    /** R: ready, D: down; the newest check stands last. */
    @ParameterizedTest(name = "{0} scores {1}")
    @CsvSource({
        "R,                     0.0000",
        "RRRRRRRRRRRRRRRRRRRRR, 0.0000",
        "DDDDDDDDDDDDDDDDDDDDD, 0.0000",
        "RDRDRDRDRDRDRDRDRDRDR, 1.0000",
        // A change weighs 0.8 of a twentieth as the oldest and 1.2 of it as the newest.
        "RDDDDDDDDDDDDDDDDDDDD, 0.0400",
        "DDDDDDDDDDDDDDDDDDDDR, 0.0600",
        "DR,                    0.0600",
        // What is older than 21 checks is forgotten.
        "DRRRRRRRRRRRRRRRRRRRRR, 0.0000",
        "RDRRRRRRRRRRRRRRRRRRRR, 0.0400",
    })
    void changesWeighTheMoreTheNewerTheyAre(String checks, double score) {
        play(checks);

        assertThat(filter.score()).isEqualTo(score, within(0.0001));
    }

    @Test
    void flappingBeginsAtThirtyPercentAndEndsBelowFifteen() {
        play("RRRRRRRRRRRRRRR");
        play("DRDR");
        assertThat(filter.score()).isLessThan(RULES.enter());
        assertThat(filter.flapping()).isFalse();
        play("DR");
        assertThat(filter.score()).isGreaterThanOrEqualTo(RULES.enter());
        assertThat(filter.flapping()).isTrue();

        int quiet = 0;
        while (filter.flapping()) {
            assertThat(filter.score()).isGreaterThanOrEqualTo(RULES.leave());
            play("R");
            quiet++;
        }
        assertThat(filter.score()).isLessThan(RULES.leave()).isPositive();
        assertThat(quiet).as("calm checks until it is believed").isBetween(10, RULES.window());
    }

    @Test
    void oneCrashAndOneRestartIsNoFlapping() {
        play("RRRRRRRRRR");
        filter.check(State.DOWN);
        filter.check(State.STARTING);
        play("RRRR");

        assertThat(filter.flapping()).isFalse();
    }

    private void play(String checks) {
        checks.chars().forEach(check -> filter.check(check == 'R' ? State.READY : State.DOWN));
    }
}
