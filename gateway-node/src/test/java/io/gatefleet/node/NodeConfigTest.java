package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.lease.RetryTimes;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    private static final List<URI> REGISTRIES =
            List.of(URI.create("http://one:7800"), URI.create("http://two:7800"), URI.create("http://three:7800"));

    @Test
    void registriesAreAskedInTurnAndNoneIsTheFirstForTooMany() {
        List<List<URI>> turns = IntStream.range(0, 300)
                .mapToObj(number -> config("gate-" + number).registriesInTurn())
                .toList();

        assertThat(turns).allSatisfy(turn -> {
            assertThat(turn).containsExactlyInAnyOrderElementsOf(REGISTRIES);
            int first = REGISTRIES.indexOf(turn.get(0));
            assertThat(turn.get(1)).isEqualTo(REGISTRIES.get((first + 1) % 3));
        });
        Map<URI, Long> firsts = turns.stream()
                .map(turn -> turn.get(0))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(firsts.values()).allSatisfy(count -> assertThat(count).isBetween(80L, 120L));
    }

    @Test
    void anInstanceBeginsAtTheSameRegistryInAllItsLives() {
        assertThat(config("main").registriesInTurn()).isEqualTo(config("main").registriesInTurn());
    }

    private static NodeConfig config(String instance) {
        return new NodeConfig(
                Path.of("/tmp"),
                new HostId("mill"),
                new InstanceId(instance),
                GatewayConfig.of(Flavor.SIMULATED),
                REGISTRIES,
                null,
                Map.of(),
                RetryTimes.defaults(null),
                NodeConfig.Times.defaults());
    }
}
