package io.gatefleet.node.gateway;

import static io.gatefleet.node.gateway.InstanceUnderTest.codes;
import static io.gatefleet.node.gateway.InstanceUnderTest.done;
import static io.gatefleet.node.gateway.InstanceUnderTest.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four real gateways of three lines on one host, with real browsers: Clawdbot 2026.1.24-3 wide and dense, OpenClaw 2026.3.2
 * and OpenClaw 2026.9.6, both dense. Started once; the tests follow one another.
 */
@Tag("real-gateways")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(400)
class OlderGatewaysIT {
    private static final GatewayConfig.Times TIMES = new GatewayConfig.Times(
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final List<InstanceUnderTest> all = new ArrayList<>();
    private static InstanceUnderTest wide;
    private static InstanceUnderTest dense;
    private static InstanceUnderTest third;
    private static InstanceUnderTest newest;
    private static Gateway wideClawdbot;
    private static Gateway denseClawdbot;
    private static Gateway olderOpenClaw;
    private static Gateway openClaw;
    private static long began;

    @BeforeAll
    static void startAll(@TempDir Path fleet) throws Exception {
        began = System.nanoTime();
        GatewayConfig clawdbot = GatewayConfig.of(Flavor.CLAWDBOT).with(TIMES);
        GatewayConfig openclaw = GatewayConfig.of(Flavor.OPENCLAW).with(TIMES);
        wide = instance(fleet, "old", clawdbot, "clawd");
        dense = instance(fleet, "older", clawdbot.dense("clawd", "work"), "clawd", "work");
        third = instance(fleet, "third", openclaw.version("2026.3.2").dense("openclaw"), "openclaw");
        newest = instance(fleet, "newest", openclaw.dense("openclaw"), "openclaw");
        dense.configure("""
                // of a hand-written clawdbot.json
                { ui: { seamColor: '#FF4500', }, agents: { defaults: { timeoutSeconds: 0x384, }, }, }
                """);
        // Together: most of a first start is compiling plugins on one processor, half a minute long.
        wideClawdbot = begun(wide);
        olderOpenClaw = begun(third);
        awaitReady(wide, wideClawdbot);
        // These are the same plugins, and a test trusts them. Gatefleet does not do this: what one
        // gateway's agent may write to would be another gateway's program.
        copy(wide.home.tmp().resolve("jiti"), dense.home.tmp().resolve("jiti"));
        denseClawdbot = begun(dense);
        openClaw = begun(newest);
        awaitReady(third, olderOpenClaw);
        awaitReady(dense, denseClawdbot);
        awaitReady(newest, openClaw);
    }

    private static InstanceUnderTest instance(Path fleet, String name, GatewayConfig config, String... browsers)
            throws IOException {
        InstanceUnderTest instance = new InstanceUnderTest(fleet, name, config);
        all.add(instance);
        instance.home.create();
        for (String browser : browsers) {
            // A profile without these two is first decorated: one more start of Chromium, 10 s instead of 1.
            Path data = instance.home.state().resolve("browser/" + browser + "/user-data");
            Files.createDirectories(data.resolve("Default"));
            Files.writeString(data.resolve("Local State"), "{}");
            Files.writeString(data.resolve("Default/Preferences"), "{}");
        }
        return instance;
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            }
        }
    }

    private static Gateway begun(InstanceUnderTest instance) {
        Gateway gateway = instance.gateway();
        done(gateway.start(instance.lease()));
        return gateway;
    }

    private static void awaitReady(InstanceUnderTest instance, Gateway gateway) {
        InstanceUnderTest.awaitReady(gateway);
        System.out.printf(
                "%s, %s %s, base %d, ready %d ms after the test's begin%n",
                instance.home.root().getFileName(),
                instance.config.flavor(),
                instance.program.version(),
                instance.base(),
                (System.nanoTime() - began) / 1_000_000);
    }

    @AfterAll
    static void leaveNothing() {
        all.forEach(InstanceUnderTest::close);
    }

    @Test
    @Order(1)
    void allAreReadyAndNoneIsALauncher() throws Exception {
        for (Gateway gateway : List.of(wideClawdbot, denseClawdbot, olderOpenClaw, openClaw)) {
            assertThat(gateway.report().findings()).isEmpty();
        }
        for (InstanceUnderTest instance : all) {
            Gateway gateway = of(instance);
            // The process that was started is the one that listens: else a killed launcher leaves its gateway serving.
            assertThat(listeners(PortSet.of(instance.base())))
                    .isNotEmpty()
                    .allSatisfy(listener -> assertThat(listener.pid()).isEqualTo(pid(gateway)));
        }
        assertThat(dense.environmentOf(pid(denseClawdbot)))
                .containsEntry("CLAWDBOT_STATE_DIR", dense.home.state().toString())
                .containsEntry("TMPDIR", dense.home.tmp().toString())
                .doesNotContainKeys("CLAWDBOT_CONFIG_READONLY", "OPENCLAW_STATE_DIR", "INVOCATION_ID");
    }

    @Test
    @Order(2)
    void theUsersConfigurationIsMergedAndUnderstood() throws Exception {
        assertThat(Files.readString(dense.configFile()))
                .startsWith("// of a hand-written clawdbot.json\n")
                .contains("ui: { seamColor: '#FF4500', }", "timeoutSeconds: 0x384, }");
    }

    @Test
    @Order(3)
    void browsersOfAllListenInsideTheirLeasesAndNowhereElse() throws Exception {
        startBrowser(wide, "clawd");
        startBrowser(dense, "clawd");
        startBrowser(dense, "work");
        run(third, "browser", "--json", "start");
        run(newest, "browser", "--json", "start");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(ports(wide)).containsExactlyInAnyOrder(at(wide, 0), at(wide, 2), at(wide, 3), at(wide, 11));
            // Gateway, control, relay, two browsers; the management port at +1 is the node's.
            assertThat(ports(dense))
                    .containsExactlyInAnyOrder(at(dense, 0), at(dense, 2), at(dense, 3), at(dense, 4), at(dense, 5));
            assertThat(ports(third)).contains(at(third, 0), at(third, 2), at(third, 4));
            assertThat(ports(newest)).containsExactlyInAnyOrder(at(newest, 0), at(newest, 2));
        });
        for (InstanceUnderTest instance : all) {
            System.out.printf(
                    "%s %s of %s%n",
                    instance.home.root().getFileName(),
                    ports(instance),
                    instance.lease().ports());
            assertThat(ports(instance)).allMatch(instance.lease().ports()::contains);
            assertThat(instance.audit(of(instance)).clean())
                    .as("%s: %s", instance.home.root().getFileName(), instance.audit(of(instance)))
                    .isTrue();
        }
    }

    /** Clawdbot's command line looks for browser control at 18791 unless it is told: then B's question is answered by A. */
    @Test
    @Order(4)
    void aCommandLineReachesItsOwnInstance() throws Exception {
        String ofWide = run(wide, "browser", "--json", "status");
        String ofDense = run(dense, "browser", "--json", "status");

        assertThat(ofWide).contains("\"cdpPort\": " + at(wide, 11)).doesNotContain(String.valueOf(at(dense, 4)));
        assertThat(ofDense).contains("\"cdpPort\": " + at(dense, 4)).doesNotContain(String.valueOf(at(wide, 11)));
        assertThat(run(dense, "browser", "status")).contains("http://127.0.0.1:" + at(dense, 2));
    }

    /** Its lock is below TMPDIR: with another one, two gateways share a state directory happily. */
    @Test
    @Order(5)
    void aSecondClawdbotInTheSameHomeIsRefusedByTheFirst() throws Exception {
        InstanceUnderTest.Ran second = dense.exec("gateway");

        assertThat(second.exitCode()).as(second.printed()).isNotZero();
        assertThat(second.printed()).contains("already running");
        assertThat(denseClawdbot.report().state()).isEqualTo(GatewayState.RUNNING);
    }

    @Test
    @Order(6)
    void aKilledClawdbotLeavesNoBrowserAndComesBack() throws Exception {
        int before = pid(denseClawdbot);
        ProcessId.of(before).orElseThrow().kill();

        await().atMost(Duration.ofSeconds(20)).until(() -> codes(denseClawdbot).contains("orphaned-browser"));
        assertThat(listeners(PortSet.of(at(dense, 4)))).isEmpty();
        InstanceUnderTest.awaitReady(denseClawdbot);
        assertThat(pid(denseClawdbot)).isNotEqualTo(before);
        assertThat(denseClawdbot.report().restarts()).isEqualTo(1);
    }

    @Test
    @Order(7)
    void aProfileMadeOutsideTheLeaseIsRefusedByNameAtTheNextStart() throws Exception {
        // Nothing keeps it from writing its file; the whole gateway restarts inside its process then.
        run(dense, "browser", "create-profile", "--name", "escapee");
        assertThat(Files.readString(dense.configFile())).contains("escapee", "meta");
        assertThat(done(denseClawdbot.stop())).isTrue();

        assertThat(denseClawdbot.start(dense.lease()).otherwise(refused -> {
                    assertThat(refused).hasMessageContaining("browser.profiles.escapee");
                    return null;
                }))
                .satisfies(InstanceUnderTest::done);
        assertThat(denseClawdbot.report().state()).isEqualTo(GatewayState.STOPPED);
    }

    /** Chromium outlives OpenClaw 2026.3.2 for good, and Clawdbot for some seconds. */
    @Test
    @Order(8)
    void aStopLeavesNoProcessAndNoPort() throws Exception {
        for (InstanceUnderTest instance : all) {
            long asked = System.nanoTime();

            assertThat(done(of(instance).stop())).isTrue();

            System.out.printf(
                    "%s stopped after %d ms%n",
                    instance.home.root().getFileName(), (System.nanoTime() - asked) / 1_000_000);
            assertThat(instance.processes()).isEmpty();
            assertThat(listeners(instance.lease().ports())).isEmpty();
        }
        assertThat(olderOpenClaw.report().exitCode()).as("it ended in order").isZero();
    }

    private static Gateway of(InstanceUnderTest instance) {
        if (instance == wide) {
            return wideClawdbot;
        }
        return instance == dense ? denseClawdbot : instance == third ? olderOpenClaw : openClaw;
    }

    private static int at(InstanceUnderTest instance, int offset) {
        return instance.base() + offset;
    }

    private static String run(InstanceUnderTest instance, String... args) throws Exception {
        InstanceUnderTest.Ran ran = instance.exec(args);
        assertThat(ran.exitCode()).as(ran.printed()).isZero();
        return ran.printed();
    }

    /** By Clawdbot's browser control, which asks nobody for a token. */
    private static void startBrowser(InstanceUnderTest instance, String profile) throws Exception {
        int control = instance.layout.port(PortLayout.CONTROL, instance.base()).orElseThrow();
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + "/start?profile=" + profile))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Where an instance's processes listen, and whoever else does inside its lease. */
    private static Set<Integer> ports(InstanceUnderTest instance) {
        Set<Integer> ports = new TreeSet<>();
        instance.audit(of(instance)).outside().forEach(outside -> ports.add(outside.port()));
        listeners(instance.lease().ports()).forEach(listener -> ports.add(listener.port()));
        return ports;
    }

    private static List<Listener> listeners(PortSet ports) {
        return Kernel.facts(Set.of()).listeners().stream()
                .filter(listener -> ports.contains(listener.port()))
                .toList();
    }
}
