package io.gatefleet.node.gateway;

import static io.gatefleet.node.gateway.InstanceUnderTest.done;
import static io.gatefleet.node.gateway.InstanceUnderTest.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.FreeWindow;
import io.gatefleet.node.port.Kernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * OmniClaw, which no test can install, by the simulated gateway in OmniClaw's manner: the variables and fall-backs, the
 * ports, the lock and the port-killing that were measured with the real 2026.2.1.
 */
@Timeout(120)
class OmniClawIT {
    private final List<InstanceUnderTest> started = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path fleet;

    @AfterEach
    void leaveNothing() {
        started.forEach(InstanceUnderTest::close);
    }

    private InstanceUnderTest instance(String name, GatewayConfig config) {
        InstanceUnderTest instance =
                InstanceUnderTest.inManner(fleet, name, config.with(InstanceUnderTest.QUICK), "2026.2.1");
        started.add(instance);
        return instance;
    }

    /** At its start it ends whatever OmniClaw listens on its port. Here no two are told the same port. */
    @Test
    void twoLiveBesideEachOtherEachOnItsOwnPorts() {
        InstanceUnderTest wide = instance("main", GatewayConfig.of(Flavor.OMNICLAW));
        InstanceUnderTest dense =
                instance("rescue", GatewayConfig.of(Flavor.OMNICLAW).dense("omniclaw", "work"));
        Gateway first = wide.started();
        int before = pid(first);

        Gateway second = dense.started();

        assertThat(first.report().state()).isEqualTo(GatewayState.RUNNING);
        assertThat(pid(first)).isEqualTo(before);
        assertThat(ports(wide)).containsExactly(wide.base(), wide.base() + 3);
        // Its relay, moved by a profile's URL: gateway, the node's own, relay, browsers.
        assertThat(ports(dense)).containsExactly(dense.base(), dense.base() + 2);
        assertThat(wide.audit(first).clean()).isTrue();
        assertThat(dense.audit(second).clean()).isTrue();
        assertThat(done(first.stop())).isTrue();
        assertThat(done(second.stop())).isTrue();
    }

    @Test
    void itIsToldEverythingUnderItsOwnNamesAndAdoptsNoClawdbot() throws Exception {
        InstanceUnderTest instance = instance("main", GatewayConfig.of(Flavor.OMNICLAW));
        instance.home.create();
        // What it would adopt, if it had to look for its state in its home.
        Path clawdbot = Files.createDirectories(instance.home.home().resolve(".clawdbot"));

        Gateway gateway = instance.started();

        assertThat(instance.environmentOf(pid(gateway)))
                .containsEntry("OMNICLAW_GATEWAY_PORT", String.valueOf(instance.base()))
                .containsEntry("OMNICLAW_STATE_DIR", instance.home.state().toString())
                .containsEntry(
                        "OMNICLAW_CONFIG_PATH",
                        instance.home.config("omniclaw.json").toString())
                .containsEntry("OMNICLAW_DISABLE_BONJOUR", "1")
                .containsEntry("OMNICLAW_NO_RESPAWN", "1")
                .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("CLAWDBOT_"));
        try (var files = Files.list(clawdbot)) {
            assertThat(files).isEmpty();
        }
        assertThat(instance.exec("browser", "start").exitCode()).isZero();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(ports(instance)).contains(instance.base() + 11));
    }

    @Test
    void aSecondOneInTheSameHomeIsRefusedByTheFirst() throws Exception {
        InstanceUnderTest instance = instance("main", GatewayConfig.of(Flavor.OMNICLAW));
        instance.configure("{simulated: {lockMillis: 200}}");
        Gateway gateway = instance.started();

        // On another port, so that it is the lock that decides, and not the port.
        try (FreeWindow window = FreeWindow.of(1)) {
            InstanceUnderTest.Ran second = instance.exec("gateway", "--port", String.valueOf(window.first()));

            assertThat(second.exitCode()).as(second.printed()).isEqualTo(1);
            assertThat(second.printed()).contains("already running");
        }
        assertThat(gateway.report().state()).isEqualTo(GatewayState.RUNNING);
    }

    private static Set<Integer> ports(InstanceUnderTest instance) {
        PortSet lease = instance.lease().ports();
        Set<Integer> ports = new TreeSet<>();
        for (Listener listener : Kernel.facts(Set.of()).listeners()) {
            if (lease.contains(listener.port())) {
                ports.add(listener.port());
            }
        }
        return ports;
    }
}
