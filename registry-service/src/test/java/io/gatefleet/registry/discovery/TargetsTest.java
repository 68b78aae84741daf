package io.gatefleet.registry.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.service.ServicePresence;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {
    @Test
    void aServiceIsAskedWhereItSaysItIs() {
        assertThat(Targets.of(new ServicePresence("m", "port-allocator", "10.1.2.3", 7801, false)))
                .isEqualTo(new TargetGroup(
                        List.of("10.1.2.3:7801"),
                        Map.of(
                                "__meta_gatefleet_kind", "service",
                                "__meta_gatefleet_service", "port-allocator",
                                "__scheme__", "http")));
        assertThat(Targets.of(new ServicePresence("m", "port-allocator", "fd00::1", 7801, true)))
                .satisfies(group -> assertThat(group.targets()).containsExactly("[fd00::1]:7801"))
                .satisfies(group -> assertThat(group.labels()).containsEntry("__scheme__", "https"));
    }

    @ParameterizedTest(name = "{0} of {1} at {2}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw-2026.7.1-wide   | openclaw  | mill.example | mill.example:20001
            openclaw-2026.7.1-dense  | openclaw  | mill.example | mill.example:20001
            openclaw-2099.1.1-wide   | openclaw  | mill.example | mill.example:20001
            clawdbot-2026.1.24-dense | clawdbot  |              | 127.0.0.1:20001
            simulated-wide           | simulated | fd00::2      | [fd00::2]:20001
            """)
    void aNodeIsAskedOnItsManagementPort(String layout, String flavor, @Nullable String address, String target) {
        assertThat(Targets.of(view(layout, Flavor.parse(flavor), address, Map.of(), 20_000)))
                .containsExactly(new TargetGroup(
                        List.of(target),
                        Map.of(
                                "__meta_gatefleet_kind", "node",
                                "__meta_gatefleet_host", "mill",
                                "__meta_gatefleet_instance", "main",
                                "__meta_gatefleet_flavor", flavor)));
    }

    @Test
    void aGatewayIsAskedWhereItsLabelSays() {
        List<TargetGroup> groups = Targets.of(view(
                "openclaw-2026.7.1-wide",
                Flavor.OPENCLAW,
                "mill",
                Map.of("metrics-path", "/api/diagnostics/prometheus", "team", "a"),
                20_000));

        assertThat(groups).hasSize(2);
        assertThat(groups.get(1).targets()).containsExactly("mill:20000");
        assertThat(groups.get(1).labels())
                .containsEntry("__metrics_path__", "/api/diagnostics/prometheus")
                .containsEntry("__meta_gatefleet_kind", "gateway")
                .doesNotContainKey("team");
    }

    @Test
    void aPathThatIsNoneIsNoTarget() {
        assertThat(Targets.of(
                        view("simulated-wide", Flavor.SIMULATED, null, Map.of("metrics-path", "metrics"), 20_000)))
                .hasSize(1);
    }

    @Test
    void whoHasNoLeaseHasNoPort() {
        assertThat(Targets.of(view("simulated-wide", Flavor.SIMULATED, null, Map.of(), 0)))
                .isEmpty();
    }

    private static InstanceView view(
            String layout, Flavor flavor, @Nullable String address, Map<String, String> labels, int base) {
        InstanceKey key = new InstanceKey(new HostId("mill"), new InstanceId("main"));
        Lease lease = base == 0
                ? null
                : new Lease(key, new Incarnation(1), base, Footprint.contiguous(111), layout, 1, LeaseState.CONFIRMED);
        return new InstanceView(
                key,
                new Incarnation(1),
                flavor,
                "2026.9.6",
                layout,
                lease,
                address,
                4711L,
                labels,
                true,
                10,
                new GatewayReport(GatewayState.RUNNING, 1, null, null, 0, null, 1L, null, List.of(), null));
    }
}
