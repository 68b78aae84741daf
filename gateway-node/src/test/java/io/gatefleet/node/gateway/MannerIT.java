package io.gatefleet.node.gateway;

import static io.gatefleet.node.gateway.InstanceUnderTest.QUICK;
import static io.gatefleet.node.gateway.InstanceUnderTest.awaitReady;
import static io.gatefleet.node.gateway.InstanceUnderTest.codes;
import static io.gatefleet.node.gateway.InstanceUnderTest.done;
import static io.gatefleet.node.gateway.InstanceUnderTest.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.LeaseAudit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node may rely on in each family: its real adapter and prober, with a simulated program that has its habits. */
@Timeout(90)
class MannerIT {
    private final List<InstanceUnderTest> instances = new ArrayList<>();

    @TempDir
    private Path fleet = Path.of("");

    @AfterEach
    void leaveNothing() {
        instances.forEach(InstanceUnderTest::close);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6, 0", "clawdbot, 2026.1.24-3, 0 2 3", "omniclaw, 2026.2.1, 0 3"})
    void startsOpensWhatItsLayoutSaysAndStopsWithNothingLeft(String flavor, String version, String atStart) {
        InstanceUnderTest instance = instance("main", flavor, version);
        Gateway gateway = instance.started();
        int pid = pid(gateway);

        assertThat(gateway.report().version()).isEqualTo(version);
        assertThat(gateway.report().findings()).isEmpty();
        Set<Integer> expected = new TreeSet<>();
        for (String offset : atStart.split(" ", -1)) {
            expected.add(instance.base() + Integer.parseInt(offset));
        }
        assertThat(listening(instance, gateway)).isEqualTo(expected);
        assertThat(instance.audit(gateway).clean()).isTrue();

        assertThat(done(gateway.stop())).isTrue();
        assertThat(ProcessId.of(pid)).isEmpty();
        assertThat(instance.nobodyListens()).isTrue();
        assertThat(gateway.report().exitCode()).isZero();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6", "clawdbot, 2026.1.24-3", "omniclaw, 2026.2.1"})
    void aKilledOneIsStartedAgain(String flavor, String version) {
        InstanceUnderTest instance = instance("main", flavor, version);
        Gateway gateway = instance.started();
        ProcessId first = ProcessId.of(pid(gateway)).orElseThrow();

        first.kill();

        await().until(() -> gateway.report().state() == GatewayState.BACKOFF);
        awaitReady(gateway);
        assertThat(pid(gateway)).isNotEqualTo(first.pid());
        assertThat(gateway.report().restarts()).isEqualTo(1);
        assertThat(codes(gateway)).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6", "clawdbot, 2026.1.24-3", "omniclaw, 2026.2.1"})
    void theNextNodeAdoptsIt(String flavor, String version) {
        InstanceUnderTest instance = instance("main", flavor, version);
        int pid = pid(instance.started());
        instance.killNode();

        Gateway next = instance.gateway();
        Gateway.Standing standing = done(next.standing()).orElseThrow();
        done(next.adopt(standing, instance.lease()));
        awaitReady(next);

        assertThat(pid(next)).isEqualTo(pid);
        assertThat(done(next.stop())).isTrue();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6", "clawdbot, 2026.1.24-3", "omniclaw, 2026.2.1"})
    void twoStandSideBySideDenseAndKnowTheirOwn(String flavor, String version) {
        List<Gateway> gateways = new ArrayList<>();
        for (String name : List.of("main", "rescue")) {
            GatewayConfig dense = GatewayConfig.of(Flavor.parse(flavor)).with(QUICK);
            InstanceUnderTest instance = InstanceUnderTest.inManner(
                    fleet, name, dense.dense(Dialect.defaultProfile(dense.flavor()), "work"), version);
            instances.add(instance);
            gateways.add(instance.started());
            assertThat(instance.lease().ports().stream().boxed().toList())
                    .containsAll(listening(instance, gateways.get(gateways.size() - 1)));
        }

        assertThat(gateways).allSatisfy(gateway -> assertThat(codes(gateway)).isEmpty());
        assertThat(pid(gateways.get(0))).isNotEqualTo(pid(gateways.get(1)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6", "clawdbot, 2026.1.24-3", "omniclaw, 2026.2.1"})
    void anotherTokenIsSaid(String flavor, String version) throws Exception {
        InstanceUnderTest instance = instance("main", flavor, version);
        Gateway gateway = instance.started();

        instance.simulate("{\"do\":\"token\",\"token\":\"other\"}");
        instance.simulate("{\"do\":\"restart\",\"millis\":300}");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(codes(gateway)).contains("token-refused"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"openclaw, 2026.9.6, true", "clawdbot, 2026.1.24-3, false", "omniclaw, 2026.2.1, false"})
    void aRestartInsideTheProcessIsNoCrash(String flavor, String version, boolean named) throws Exception {
        InstanceUnderTest instance = instance("main", flavor, version);
        Gateway gateway = instance.started();
        int pid = pid(gateway);
        String before = gateway.report().bootId();
        assertThat(before != null).as("has a name for its life").isEqualTo(named);

        instance.simulate("{\"do\":\"restart\",\"millis\":1500}");
        await().until(() ->
                gateway.report().probe() != null && !gateway.report().probe().live());
        awaitReady(gateway);

        assertThat(pid(gateway)).isEqualTo(pid);
        assertThat(gateway.report().restarts()).isZero();
        assertThat(gateway.report().state()).isEqualTo(GatewayState.RUNNING);
        if (named) {
            await().until(() -> !Objects.equals(before, gateway.report().bootId()));
            assertThat(gateway.report().restartsInProcess()).isEqualTo(1);
        } else {
            assertThat(gateway.report().restartsInProcess()).isNull();
        }
    }

    private InstanceUnderTest instance(String name, String flavor, String version) {
        InstanceUnderTest instance = InstanceUnderTest.inManner(
                fleet, name, GatewayConfig.of(Flavor.parse(flavor)).with(QUICK), version);
        instances.add(instance);
        return instance;
    }

    /** The ports of the lease that somebody listens on. */
    private static Set<Integer> listening(InstanceUnderTest instance, Gateway gateway) {
        assertThat(gateway.pids()).isNotEmpty();
        Set<Integer> ports = new TreeSet<>();
        LeaseAudit.of(instance.lease().ports(), Set.of(), PortSet.EMPTY)
                .strangers()
                .forEach(listener -> ports.add(listener.port()));
        return ports;
    }
}
