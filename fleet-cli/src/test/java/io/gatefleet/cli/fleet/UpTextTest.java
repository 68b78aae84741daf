package io.gatefleet.cli.fleet;

import static io.gatefleet.cli.fleet.Words.gateway;
import static io.gatefleet.cli.fleet.Words.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.cli.text.Ink;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpTextTest {
    private static final InstanceId MAIN = new InstanceId("main");
    private static final InstanceId RESCUE = new InstanceId("rescue");
    private static final FleetPlan PLAN = new FleetPlan(
            Path.of("/home/ann/.gatefleet"),
            new HostId("mill"),
            List.of(slot(MAIN), slot(RESCUE)),
            PortSet.parse("18789-32767"),
            new FleetPlan.Ports(7800, 7801, 7802));
    private static final FleetFile FLEET = new FleetFile(
            99,
            "2026-11-20T10:00:00Z",
            "0.1.0",
            new HostId("mill"),
            "http://127.0.0.1:7800",
            "http://127.0.0.1:7801",
            "http://127.0.0.1:7802",
            List.of(MAIN, RESCUE));

    @Test
    void aFleetThatStandsIsATableAndWhereToLookAndWhatToTry() {
        String text = text(List.of(
                new UpText.Row(MAIN, Flavor.SIMULATED, word("main", 18789, gateway(GatewayState.RUNNING, 21345, true))),
                new UpText.Row(
                        RESCUE, Flavor.SIMULATED, word("rescue", 18900, gateway(GatewayState.RUNNING, 21350, true)))));

        assertThat(text).isEqualTo("""

                INSTANCE  FLAVOR     STATE   BASE  CDP            PID  URL
                main      simulated  ready  18789  18800-18899  21345  http://127.0.0.1:18789
                rescue    simulated  ready  18900  18911-19010  21350  http://127.0.0.1:18900

                Look     ./gatefleet status         how the fleet is, and what to do first
                         ./gatefleet explain 18800  who has that port, and why
                         ./gatefleet ports          the whole port space, drawn
                Metrics  http://127.0.0.1:7800/metrics
                         http://127.0.0.1:7801/metrics
                         http://127.0.0.1:7802/metrics
                         http://127.0.0.1:18790/metrics
                         http://127.0.0.1:18901/metrics
                Logs     /home/ann/.gatefleet/logs: up.log, main.log, rescue.log
                Try      ./gatefleet exec main -- status
                         kill -9 21345  and see it come back on the same ports
                Stop     Ctrl-C
                """);
    }

    @Test
    void anInstanceThatNobodyHeardOfIsSaidToBeSilent() {
        String text = text(List.of(
                new UpText.Row(MAIN, Flavor.SIMULATED, null),
                new UpText.Row(
                        RESCUE, Flavor.SIMULATED, word("rescue", 18900, gateway(GatewayState.BACKOFF, null, null)))));

        assertThat(text).contains("main      simulated  silent       -  -");
        assertThat(text).contains("rescue    simulated  backoff  18900  18911-19010    -");
        assertThat(text).doesNotContain("kill -9");
    }

    private static FleetPlan.Slot slot(InstanceId instance) {
        return new FleetPlan.Slot(
                instance,
                GatewayConfig.of(Flavor.SIMULATED),
                Layouts.known().of(Flavor.SIMULATED, null).wide(Set.of()));
    }

    private static String text(List<UpText.Row> rows) {
        return String.join("\n", UpText.ready(PLAN, FLEET, rows, Ink.BLACK));
    }
}
