package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks as {@code +} and {@code -}, and what is believed after each of them. */
class HysteresisTest {
    @ParameterizedTest(name = "{0}: {3} is believed as {4}")
    @CsvSource(delimiter = '|', textBlock = """
            the first check at once           | 2 | 2 | -         | -
            the first check at once           | 2 | 2 | +         | +
            two bad ones to fall              | 2 | 2 | +--       | ++-
            one bad one is nothing            | 2 | 2 | +-+-+     | +++++
            two good ones to rise             | 2 | 2 | -++       | --+
            one good one is nothing           | 2 | 2 | -+-+-     | -----
            the count begins anew             | 3 | 3 | +--+---   | ++++++-
            quick to fall, slow to rise       | 1 | 3 | +-+++-    | +---+-
            slow to fall, quick to rise       | 3 | 1 | +---+     | +++-+
            both ways one after the other     | 2 | 2 | +--++--   | ++--++-
            the bounds of what may be set     | 1 | 1 | +-+-      | +-+-
            """)
    void aChangeIsBelievedAfterAFewInARow(String why, int bad, int good, String checks, String believed) {
        Hysteresis hysteresis = new Hysteresis(bad, good);
        StringBuilder said = new StringBuilder();

        checks.chars().forEach(check -> said.append(hysteresis.check(check == '+') ? '+' : '-'));

        assertThat(said).hasToString(believed);
    }
}
