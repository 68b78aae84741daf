package io.gatefleet.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfPreservationTest {
    private static final VerdictRules.Doubt RULES = new VerdictRules.Doubt(3, 0.20, Duration.ofMinutes(10));

    private final SelfPreservation preservation = new SelfPreservation(RULES);

    @ParameterizedTest(name = "{0} of {1} hosts and {2} of {3} nodes: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            0 | 5   | 0 | 50  | false | Nobody fell silent just now.
            3 | 5   | 0 | 50  | false | 3 of 5 hosts and 0 of 50 nodes on speaking hosts fell silent at once, no more than 3 and 10: believed.
            4 | 5   | 0 | 50  | true  | 4 of 5 hosts and 0 of 50 nodes on speaking hosts fell silent at once; more than 3 or 10 are not believed
            20 | 100 | 0 | 50 | false | 20 of 100 hosts and 0 of 50 nodes on speaking hosts fell silent at once, no more than 20 and 10: believed.
            21 | 100 | 0 | 50 | true  | more than 20 or 10 are not believed
            0 | 5   | 10 | 50 | false | no more than 3 and 10: believed.
            0 | 5   | 11 | 50 | true  | because then it is more likely this observer that is cut off. Verdicts by silence wait for at most 10 min.
            1 | 1   | 0 | 0   | false | 1 of 1 hosts
            """)
    void itSaysWhetherItIsOnAndWhy(int silentHosts, int hosts, int silentNodes, int nodes, boolean on, String why) {
        assertThat(preservation.look(silentHosts, hosts, silentNodes, nodes, 0)).isEqualTo(on);

        FleetHealthView.SelfPreservation view = preservation.view();
        assertThat(view.on()).isEqualTo(on);
        assertThat(view.why()).contains(why);
    }

    @Test
    void itEndsAfterItsTimeAndSaysSoAndMayBeginAgain() {
        long minute = TimeUnit.MINUTES.toNanos(1);
        assertThat(preservation.look(4, 5, 0, 0, 0)).isTrue();
        assertThat(preservation.look(4, 5, 0, 0, 10 * minute)).isTrue();
        assertThat(preservation.look(4, 5, 0, 0, 10 * minute + 1)).isFalse();
        assertThat(preservation.view().why()).contains("and stayed so for 10 min: believed now.");

        assertThat(preservation.look(0, 5, 0, 0, 11 * minute)).isFalse();
        assertThat(preservation.view().why()).isEqualTo("Nobody fell silent just now.");
        assertThat(preservation.look(5, 5, 0, 0, 12 * minute)).isTrue();
    }
}
