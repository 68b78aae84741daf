package io.gatefleet.cli.fleet;

import static io.gatefleet.cli.fleet.Words.ended;
import static io.gatefleet.cli.fleet.Words.found;
import static io.gatefleet.cli.fleet.Words.gateway;
import static io.gatefleet.cli.fleet.Words.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoryTest {
    @Test
    void aStartIsToldStepByStepAndNothingTwice() {
        assertThat(told(
                        gateway(GatewayState.STARTING, null, null),
                        gateway(GatewayState.STARTING, 4711, null),
                        gateway(GatewayState.STARTING, 4711, null),
                        gateway(GatewayState.RUNNING, 4711, true),
                        gateway(GatewayState.RUNNING, 4711, true)))
                .containsExactly("lent 18789-18899, CDP 18800-18899", "gateway starts (pid 4711)", "ready (pid 4711)");
    }

    @Test
    void aCrashAndItsEndAreTold() {
        assertThat(told(
                        gateway(GatewayState.RUNNING, 4711, true),
                        ended(GatewayState.BACKOFF, 137),
                        gateway(GatewayState.STARTING, 4800, null),
                        gateway(GatewayState.RUNNING, 4800, true)))
                .endsWith(
                        "gateway ended with code 137; it is started again after a pause",
                        "gateway starts (pid 4800)",
                        "ready (pid 4800)");
    }

    @Test
    void aFindingSaysMoreThanTheStateThatItExplains() {
        assertThat(told(
                        gateway(GatewayState.RUNNING, 4711, true),
                        found(ended(GatewayState.BACKOFF, 137), "gateway-exited", "killed by signal 9")))
                .endsWith("ready (pid 4711)", "gateway-exited: killed by signal 9");
    }

    @Test
    void aGatewayThatRefusesItsConfigurationIsSaidToStayDown() {
        assertThat(told(gateway(GatewayState.STARTING, 1, null), ended(GatewayState.EXITED, 78)))
                .endsWith("gateway ended with code 78 and is not started again; see its log");
    }

    @Test
    void readinessThatComesAndGoesIsToldWithItsReason() {
        assertThat(told(
                        gateway(GatewayState.RUNNING, 4711, true),
                        gateway(GatewayState.RUNNING, 4711, false),
                        gateway(GatewayState.RUNNING, 4711, true)))
                .endsWith("runs, but is not ready: channels", "ready");
    }

    @Test
    void aFindingIsToldOnceWhileItLasts() {
        GatewayReport well = gateway(GatewayState.RUNNING, 4711, true);
        GatewayReport visited = found(well, "stranger-in-lease", "chrome (pid 9) listens on 18805");

        assertThat(told(well, visited, visited, well, visited))
                .filteredOn(line -> line.startsWith("stranger-in-lease"))
                .hasSize(2)
                .contains("stranger-in-lease: chrome (pid 9) listens on 18805");
    }

    @Test
    void anotherRangeIsTold() {
        GatewayReport well = gateway(GatewayState.RUNNING, 4711, true);

        assertThat(Story.between(word("main", 18789, well), word("main", 18900, well)))
                .containsExactly("lent 18900-19010, CDP 18911-19010");
    }

    private static List<String> told(GatewayReport... reports) {
        List<String> lines = new ArrayList<>();
        @Nullable GatewayReport before = null;
        for (GatewayReport report : reports) {
            lines.addAll(
                    Story.between(before == null ? null : word("main", 18789, before), word("main", 18789, report)));
            before = report;
        }
        return lines;
    }
}
