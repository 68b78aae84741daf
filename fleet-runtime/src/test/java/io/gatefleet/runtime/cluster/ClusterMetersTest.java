package io.gatefleet.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @ParameterizedTest(name = "one member of {0} is a majority: {1}")
    @CsvSource({"1, 1", "2, 0", "7, 0"})
    void aMemberTellsHowManyItSeesAndWhetherTheyAreEnough(int size, double majority) {
        ClusterConfig config = new ClusterConfig("gatefleet", "127.0.0.1", 1, 2, List.of("m:1"), size, null);

        // Membership.ALONE sees one: itself.
        new ClusterMeters(config, Membership.ALONE).bindTo(meters);

        assertThat(meters.get("gatefleet.cluster.size").gauge().value()).isEqualTo(size);
        assertThat(meters.get("gatefleet.cluster.members").gauge().value()).isEqualTo(1);
        assertThat(meters.get("gatefleet.cluster.majority").gauge().value()).isEqualTo(majority);
    }
}
