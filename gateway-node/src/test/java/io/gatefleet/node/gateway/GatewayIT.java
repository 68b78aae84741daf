package io.gatefleet.node.gateway;

import static io.gatefleet.node.gateway.InstanceUnderTest.QUICK;
import static io.gatefleet.node.gateway.InstanceUnderTest.awaitReady;
import static io.gatefleet.node.gateway.InstanceUnderTest.codes;
import static io.gatefleet.node.gateway.InstanceUnderTest.done;
import static io.gatefleet.node.gateway.InstanceUnderTest.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node may rely on, whatever the flavor; with real processes of the simulated one. */
@Timeout(60)
class GatewayIT {
    private InstanceUnderTest instance;

    @BeforeEach
    void prepare(@TempDir Path fleet) {
        instance = new InstanceUnderTest(
                fleet, "main", GatewayConfig.of(Flavor.SIMULATED).with(QUICK));
    }

    @AfterEach
    void leaveNothing() {
        instance.close();
    }

    @Test
    void startsRunsAndStopsWithNothingLeft() throws Exception {
        Gateway gateway = instance.gateway();
        List<GatewayState> states = new CopyOnWriteArrayList<>();
        gateway.onChange(() -> states.add(gateway.report().state()));
        assertThat(gateway.report().state()).isEqualTo(GatewayState.STOPPED);

        done(gateway.start(instance.lease()));
        int pid = pid(gateway);
        awaitReady(gateway);

        assertThat(gateway.report().pid()).isEqualTo(pid);
        assertThat(gateway.report().version()).isEqualTo("2026.9.6");
        assertThat(gateway.pids()).contains(pid);
        assertThat(instance.audit(gateway).clean()).isTrue();
        assertThat(gateway.report().residentBytes()).isGreaterThan(10_000_000L);

        assertThat(done(gateway.stop())).isTrue();

        assertThat(ProcessId.of(pid)).isEmpty();
        assertThat(instance.processes()).isEmpty();
        assertThat(instance.nobodyListens()).isTrue();
        assertThat(gateway.report().exitCode()).isZero();
        assertThat(gateway.pids()).isEmpty();
        assertThat(states)
                .containsSubsequence(
                        GatewayState.STARTING, GatewayState.RUNNING, GatewayState.DRAINING, GatewayState.STOPPED);
    }

    @Test
    void aKilledGatewayIsSeenWithinASecondAndStartedAgain() {
        Gateway gateway = instance.started();
        ProcessId first = ProcessId.of(pid(gateway)).orElseThrow();

        first.kill();
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> gateway.report().state() == GatewayState.BACKOFF);

        GatewayReport ended = gateway.report();
        assertThat(ended.exitCode()).isEqualTo(128 + 9);
        assertThat(ended.pid()).isNull();
        assertThat(ended.probe()).isNull();
        assertThat(codes(gateway)).contains("gateway-exited");
        awaitReady(gateway);
        assertThat(gateway.report().restarts()).isEqualTo(1);
        assertThat(pid(gateway)).isNotEqualTo(first.pid());
        assertThat(codes(gateway)).isEmpty();
    }

    @Test
    void aBrowserThatOutlivesAKilledGatewayIsEndedBeforeTheNextStart() throws Exception {
        Gateway gateway = instance.started();
        instance.simulate("{\"do\":\"browser\",\"detached\":true}");
        int cdp = instance.base() + 11;
        await().until(() -> listens(cdp));

        ProcessId.of(pid(gateway)).orElseThrow().kill();

        // It keeps its port, and the next gateway would attach to it without a word.
        await().until(() -> codes(gateway).contains("orphaned-browser"));
        awaitReady(gateway);
        assertThat(listens(cdp)).isFalse();
        assertThat(instance.processes()).containsExactly(pid(gateway));
    }

    @Test
    void childrenThatOutliveAStopAreFoundAndEnded() throws Exception {
        Gateway gateway = instance.started();
        instance.simulate("{\"do\":\"browser\",\"outlives\":true,\"detached\":true}");
        await().until(() -> listens(instance.base() + 11));

        assertThat(done(gateway.stop())).isTrue();

        assertThat(instance.processes()).isEmpty();
        assertThat(instance.nobodyListens()).isTrue();
    }

    @Test
    void aSlowDeathIsWaitedFor() throws Exception {
        Gateway gateway = instance.started();
        instance.simulate("{\"do\":\"drain\",\"millis\":1500}");
        var stopping = gateway.stop();

        await().until(() -> gateway.report().state() == GatewayState.DRAINING
                && gateway.report().probe() != null
                && gateway.report().probe().failing().contains("gateway-draining"));

        assertThat(stopping.isComplete()).isFalse();
        assertThat(done(stopping)).isTrue();
        assertThat(gateway.report().exitCode()).isZero();
    }

    @Test
    void aGatewayThatIgnoresTheStopIsKilledWhenItsBudgetIsSpent(@TempDir Path fleet) throws Exception {
        GatewayConfig.Times patience = QUICK;
        GatewayConfig.Times shortDrain = new GatewayConfig.Times(
                Duration.ofSeconds(1),
                patience.reap(),
                patience.probeStarting(),
                patience.probeRunning(),
                patience.probeTimeout(),
                patience.firstBackoff(),
                patience.longestBackoff(),
                patience.breakerPause(),
                patience.breakerWindow());
        try (InstanceUnderTest stubborn = new InstanceUnderTest(
                fleet, "stubborn", GatewayConfig.of(Flavor.SIMULATED).with(shortDrain))) {
            Gateway gateway = stubborn.started();
            stubborn.simulate("{\"do\":\"drain\",\"millis\":-1}");

            assertThat(done(gateway.stop())).isTrue();

            assertThat(stubborn.processes()).isEmpty();
            assertThat(stubborn.nobodyListens()).isTrue();
        }
    }

    @Test
    void aGatewayThatHangsIsNotWaitedForUntilItsBudgetIsSpent() throws IOException, InterruptedException {
        Gateway gateway = instance.started();
        Signal.STOP.to(pid(gateway));
        long began = System.nanoTime();

        assertThat(done(gateway.stop())).isTrue();

        // 15 probes of 0.5 s, not the 10 s of the budget.
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(7), Duration.ofSeconds(10));
        assertThat(gateway.report().exitCode()).isNotEqualTo(0);
    }

    @Test
    void aLaterNodeAdoptsTheGatewayOfADeadOne() {
        Gateway before = instance.started();
        int pid = pid(before);
        instance.killNode();

        Gateway after = instance.gateway();
        Gateway.Standing standing = done(after.standing()).orElseThrow();
        assertThat(standing.pid()).isEqualTo(pid);
        assertThat(standing.base()).isEqualTo(instance.base());
        assertThatThrownBy(() -> done(after.start(instance.lease()))).hasMessageContaining("adopt it or stop it");
        done(after.adopt(standing, instance.lease()));
        awaitReady(after);
        assertThat(after.report().pid()).isEqualTo(pid);
        assertThat(instance.audit(after).clean()).isTrue();

        ProcessId.of(pid).orElseThrow().kill();
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> after.report().state() == GatewayState.BACKOFF);
        assertThat(after.report().exitCode()).as("nobody can know it").isNull();
        awaitReady(after);
        assertThat(done(after.stop())).isTrue();
    }

    @Test
    void anAdoptedGatewayStopsInOrder() {
        instance.started();
        instance.killNode();
        Gateway after = instance.gateway();

        assertThat(done(after.stop())).as("without adopting it").isTrue();

        assertThat(instance.nobodyListens()).isTrue();
    }

    @Test
    void aGatewayWhoseNodeDiedBeforeItKnewThePidIsFound() throws Exception {
        int pid = pid(instance.started());
        instance.killNode();
        GatewayRecord record = GatewayRecord.read(instance.home.gatewayFile()).orElseThrow();
        GatewayRecord.before(instance.lease()).write(instance.home.gatewayFile());
        assertThat(record.pid()).isEqualTo(pid);

        assertThat(done(instance.gateway().standing()).orElseThrow().pid()).isEqualTo(pid);
    }

    @Test
    void aRecordOfAnotherProcessOrAnotherBootIsNoStandingGateway() throws Exception {
        int pid = pid(instance.started());
        instance.killNode();
        GatewayRecord record = GatewayRecord.read(instance.home.gatewayFile()).orElseThrow();
        Gateway gateway = instance.gateway();

        new GatewayRecord(
                        record.kernelBoot(),
                        pid,
                        record.startTime() - 1,
                        record.base(),
                        record.footprint(),
                        record.layout(),
                        record.fence())
                .write(instance.home.gatewayFile());
        assertThat(done(gateway.standing())).isEmpty();
        new GatewayRecord(
                        "another boot",
                        pid,
                        record.startTime(),
                        record.base(),
                        record.footprint(),
                        record.layout(),
                        record.fence())
                .write(instance.home.gatewayFile());
        assertThat(done(gateway.standing())).isEmpty();
        Files.writeString(instance.home.gatewayFile(), "{\"half\":");
        assertThat(done(gateway.standing())).isEmpty();
    }

    @Test
    void whoeverAnswersAsAGatewayOnThePortIsNotTheGateway() throws Exception {
        // As OpenClaw, which lives on for 10 s while another one holds its port.
        instance.configure("{simulated: {listenMillis: 5000}}");
        ProcessBuilder builder = new ProcessBuilder(instance.program.command())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true);
        builder.environment().put("SIMULATED_GATEWAY_PORT", Integer.toString(instance.base()));
        Process impostor = builder.start();
        try {
            await().until(() -> listens(instance.base()));
            Gateway gateway = instance.gateway();
            done(gateway.start(instance.lease()));

            await().until(() -> codes(gateway).contains("wrong-gateway"));

            assertThat(gateway.report().findings())
                    .filteredOn(finding -> finding.code().equals("wrong-gateway"))
                    .singleElement()
                    .extracting(Finding::detail)
                    .asString()
                    .contains("pid " + impostor.pid(), Integer.toString(instance.base()));
            assertThat(gateway.report().state()).isNotEqualTo(GatewayState.RUNNING);
            assertThat(gateway.report().probe()).satisfies(probe -> {
                assertThat(probe).isNotNull();
                assertThat(probe.live()).isFalse();
            });
        } finally {
            impostor.destroyForcibly().waitFor();
        }
    }

    @Test
    void exitCode78IsFinalAndItsReasonIsShown() throws Exception {
        instance.configure("{gateway: {mode: 'local'}, simulated: {startupMillis: 0}}");
        Gateway gateway = instance.started();
        instance.simulate(
                "{\"do\":\"log\",\"line\":\"Gateway failed to start: Invalid config: token=hunter2hunter2\"}");
        assertThatThrownBy(() -> instance.simulate("{\"do\":\"exit\",\"code\":78}"))
                .isInstanceOf(IOException.class);

        await().until(() -> gateway.report().state() == GatewayState.EXITED);

        assertThat(gateway.report().exitCode()).isEqualTo(78);
        assertThat(gateway.report().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("gateway-exited");
            assertThat(finding.detail())
                    .contains("exit code 78", "Invalid config")
                    .doesNotContain("hunter2");
        });
        // Two looks later it still stands as it stood.
        long since = gateway.report().stateForMillis();
        await().until(() -> gateway.report().stateForMillis() > since + 600);
        assertThat(gateway.report().state()).isEqualTo(GatewayState.EXITED);
        assertThat(gateway.report().restarts()).isZero();
    }

    @Test
    void aGatewayThatIsReadyButLeftItsChannelsOffIsReported() throws Exception {
        // As OpenClaw 2026.9.6 prints it on its 4th boot after 3 unclean ones in 5 minutes; its /readyz says 200.
        instance.configure("{simulated: {say: '[gateway] restart-loop breaker tripped: 3 unclean boot(s)'}}");

        Gateway gateway = instance.started();

        assertThat(codes(gateway)).containsExactly("crash-loop");
        instance.simulate("{\"do\":\"unready\",\"failing\":\"x\"}");
        await().until(() ->
                gateway.report().probe() != null && !gateway.report().probe().ready());
        assertThat(codes(gateway)).as("for the whole life").containsExactly("crash-loop");
    }

    @Test
    void whatTheUserSetOtherwiseIsRefusedByName() throws Exception {
        instance.configure("{gateway: {port: 18789}}");
        Gateway gateway = instance.gateway();

        assertThatThrownBy(() -> done(gateway.start(instance.lease())))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("gateway.port: 18789");

        assertThat(gateway.report().state()).isEqualTo(GatewayState.STOPPED);
        assertThat(instance.processes()).isEmpty();
    }

    @Test
    void nothingButTheAllowListReachesTheGateway() throws Exception {
        Gateway gateway = instance.started();

        Map<String, String> environment = instance.environmentOf(pid(gateway));

        assertThat(environment.keySet())
                .allMatch(name -> name.startsWith("SIMULATED_")
                        || name.startsWith("XDG_")
                        || List.of("PATH", "HOME", "TMPDIR", "NO_COLOR", "LANG", "LC_ALL", "TZ", LaunchEnvironment.MARK)
                                .contains(name)
                        || name.toUpperCase(java.util.Locale.ROOT).endsWith("_PROXY")
                        || name.startsWith("SSL_CERT_")
                        || name.equals("NODE_EXTRA_CA_CERTS"));
        assertThat(environment).containsEntry("HOME", instance.home.home().toString());
        String token = Files.readString(instance.home.token()).strip();
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(environment).containsEntry("SIMULATED_GATEWAY_TOKEN", token);
        assertThat(Files.readString(instance.configFile())).contains(token);
        assertThat(Files.readString(Path.of("/proc/" + pid(gateway) + "/cmdline")))
                .doesNotContain(token);
        assertThat(Files.readString(instance.home.output())).doesNotContain(token);
    }

    @Test
    void onlyTheOwnerReadsTheInstancesHome() throws Exception {
        instance.started();

        for (Path secret : List.of(
                instance.home.token(), instance.configFile(), instance.home.gatewayFile(), instance.home.output())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .as(secret.toString())
                    .isEqualTo("rw-------");
        }
        for (Path directory :
                List.of(instance.home.root(), instance.home.gateway(), instance.home.state(), instance.home.tmp())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .as(directory.toString())
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aGatewayThatSaysItIsUnreadyIsNotReadyButLive() throws Exception {
        Gateway gateway = instance.started();

        instance.simulate("{\"do\":\"unready\",\"failing\":\"channels\"}");

        await().until(() -> gateway.report().probe() != null
                && gateway.report().probe().live()
                && !gateway.report().probe().ready());
        assertThat(gateway.report().probe()).satisfies(probe -> {
            assertThat(probe).isNotNull();
            assertThat(probe.failing()).containsExactly("channels");
        });
        assertThat(gateway.report().state()).as("it was ready once").isEqualTo(GatewayState.RUNNING);
        instance.simulate("{\"do\":\"ready\"}");
        awaitReady(gateway);
    }

    @Test
    void itsOwnCommandLineReachesThisInstanceAndShowsNoSecret() throws Exception {
        Cli cli = Gateways.cli(instance.config, instance.program, instance.home);
        assertThatThrownBy(() -> cli.exec(List.of("status")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("started once");
        Gateway gateway = instance.started();

        assertThat(instance.exec("status").printed()).contains("\"ready\":true");
        assertThat(instance.exec("browser", "start").exitCode()).isZero();
        await().until(() -> listens(instance.base() + 11) && listens(instance.base() + 10));
        await().until(() -> gateway.pids().size() == 2);
        assertThat(instance.audit(gateway).clean()).isTrue();

        String token = Files.readString(cli.tokenFile()).strip();
        assertThat(cli.environment()).doesNotContainValue(token).doesNotContainKey("SIMULATED_CONFIG_READONLY");
        assertThat(cli.secrets()).containsValue(token);
        assertThat(cli.exec(List.of("status")).toString()).doesNotContain(token).contains("SIMULATED_GATEWAY_TOKEN");
        assertThat(cli.exec(List.of("status")).environment()).doesNotContainKey("SIMULATED_CONFIG_READONLY");
    }

    @Test
    void twoDenseInstancesWithABrowserEachShareNothing(@TempDir Path fleet) throws Exception {
        GatewayConfig dense = GatewayConfig.of(Flavor.SIMULATED).with(QUICK).dense("openclaw", "work");
        try (InstanceUnderTest left = new InstanceUnderTest(fleet, "left", dense);
                InstanceUnderTest right = new InstanceUnderTest(fleet, "right", dense)) {
            Gateway one = left.started();
            Gateway two = right.started();
            for (InstanceUnderTest side : List.of(left, right)) {
                side.simulate("{\"do\":\"browser\",\"profile\":\"openclaw\"}");
                side.simulate("{\"do\":\"browser\",\"profile\":\"work\"}");
                await().until(() -> listens(side.base() + 2) && listens(side.base() + 3));
            }
            await().until(() -> one.pids().size() == 3 && two.pids().size() == 3);

            assertThat(left.lease().ports().size()).isEqualTo(4);
            assertThat(left.audit(one).clean()).isTrue();
            assertThat(right.audit(two).clean()).isTrue();
            assertThat(one.pids()).doesNotContainAnyElementsOf(two.pids());
            assertThat(done(one.stop())).isTrue();
            assertThat(two.report().state()).isEqualTo(GatewayState.RUNNING);
            assertThat(right.processes()).isEqualTo(new java.util.TreeSet<>(two.pids()));
        }
    }

    @Test
    void aSecondStartOfARunningGatewayIsRefused() {
        Gateway gateway = instance.started();
        Lease lease = instance.lease();

        assertThatThrownBy(() -> done(gateway.start(lease))).isInstanceOf(IllegalStateException.class);

        assertThat(gateway.report().state()).isEqualTo(GatewayState.RUNNING);
    }

    private static boolean listens(int port) {
        try (var socket = new java.net.Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
