package io.gatefleet.node.gateway;

import static io.gatefleet.node.gateway.InstanceUnderTest.awaitReady;
import static io.gatefleet.node.gateway.InstanceUnderTest.codes;
import static io.gatefleet.node.gateway.InstanceUnderTest.done;
import static io.gatefleet.node.gateway.InstanceUnderTest.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
 * The real OpenClaw 2026.9.6 with a real Chromium: two gateways side by side, one wide, one dense. Started once, because a
 * start takes 10 to 30 s and 0.8 GB; the tests follow one another. Needs what {@code bin/install-gateways} installs:
 *
 * <pre>
 * eval "$(bin/install-gateways env)"; mvn verify -pl gateway-node -am -Dgroups=real-gateways
 * </pre>
 */
@Tag("real-gateways")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
class OpenClawGatewayIT {
    /** As in production, but for the pauses before a restart. */
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

    private static final Pattern SUSPICIOUS =
            Pattern.compile("(?i)openclaw|clawd|chrom|crashpad|node-compile-cache|dconf|_logs");

    private static final Pattern SHARED_LOCKS = Pattern.compile("^/tmp/openclaw-state-locks-\\d+(?:/.*)?$");

    private static Path fleet;
    private static InstanceUnderTest wide;
    private static InstanceUnderTest dense;
    private static Gateway main;
    private static Gateway rescue;
    private static long began;

    @BeforeAll
    static void startBoth(@TempDir Path directory) throws Exception {
        fleet = directory;
        began = System.currentTimeMillis();
        wide = new InstanceUnderTest(
                fleet, "main", GatewayConfig.of(Flavor.OPENCLAW).with(TIMES));
        dense = new InstanceUnderTest(
                fleet, "rescue", GatewayConfig.of(Flavor.OPENCLAW).with(TIMES).dense("openclaw", "work"));
        dense.configure("""
                // written by hand
                {
                  ui: { seamColor: '#FF4500', }, agents: { defaults: { timeoutSeconds: 9e2, }, },
                }
                """);
        main = ready(wide);
        rescue = ready(dense);
    }

    private static Gateway ready(InstanceUnderTest instance) {
        long started = System.nanoTime();
        Gateway gateway = instance.started();
        System.out.printf(
                "%s ready after %d ms, base %d%n",
                instance.home.root().getFileName(), (System.nanoTime() - started) / 1_000_000, instance.base());
        return gateway;
    }

    @AfterAll
    static void leaveNothing() {
        wide.close();
        dense.close();
    }

    @Test
    @Order(1)
    void bothAreReadyAndWhoTheySayTheyAre() {
        for (Gateway gateway : List.of(main, rescue)) {
            assertThat(gateway.report().version()).isEqualTo("2026.9.6");
            assertThat(gateway.report().findings()).isEmpty();
            assertThat(gateway.report().residentBytes()).isGreaterThan(200_000_000L);
        }
        assertThat(main.pids()).doesNotContainAnyElementsOf(rescue.pids());
    }

    @Test
    @Order(2)
    void theUsersConfigurationIsMergedAndThenLeftAlone() throws Exception {
        String merged = Files.readString(dense.configFile());

        assertThat(merged)
                .startsWith("// written by hand\n")
                .contains("ui: { seamColor: '#FF4500', }", "timeoutSeconds: 9e2, }");
        assertThat(Json5Text.parse("merged", merged).scalar(List.of("gateway", "port")))
                .hasValueSatisfying(port -> assertThat(port.asInt()).isEqualTo(dense.base()));
        // A clean configuration is not touched by the gateway's start.
        try (var files = Files.list(dense.home.gateway())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.startsWith("openclaw.json"))
                    .containsExactly("openclaw.json");
        }
    }

    @Test
    @Order(3)
    void realBrowsersListenInsideTheLeases() throws Exception {
        InstanceUnderTest.Ran first = wide.exec("browser", "start");
        assertThat(first.exitCode()).as(first.printed()).isZero();
        InstanceUnderTest.Ran second = dense.exec("browser", "--browser-profile", "work", "start");
        assertThat(second.exitCode()).as(second.printed()).isZero();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            // The wide one's default profile stands where OpenClaw derives it; the relay, in no manual, beside it.
            assertThat(ports(wide, main)).contains(wide.base(), wide.base() + 11);
            assertThat(ports(dense, rescue)).contains(dense.base(), dense.base() + 3);
        });
        System.out.printf(
                "wide %s of %s, dense %s of %s%n",
                ports(wide, main),
                wide.lease().ports(),
                ports(dense, rescue),
                dense.lease().ports());
        assertThat(ports(wide, main)).allMatch(wide.lease().ports()::contains);
        assertThat(ports(dense, rescue)).allMatch(dense.lease().ports()::contains);
        assertThat(wide.audit(main).clean()).isTrue();
        assertThat(dense.audit(rescue).clean()).isTrue();
    }

    @Test
    @Order(4)
    void aProfileOutsideTheWindowCannotBeMadeWhileItRuns() throws Exception {
        InstanceUnderTest.Ran made = dense.exec("browser", "create-profile", "--name", "escapee");

        assertThat(made.exitCode()).as(made.printed()).isNotZero();
        assertThat(Files.readString(dense.configFile())).doesNotContain("escapee");
    }

    @Test
    @Order(5)
    void theirFilesAppearNowhereElse() throws Exception {
        Set<String> outside = new TreeSet<>();
        for (Path place : List.of(
                Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev/shm"), Path.of(System.getProperty("user.home")))) {
            outside.addAll(written(place));
        }
        assertThat(outside).isEmpty();
        for (Gateway gateway : List.of(main, rescue)) {
            for (int pid : gateway.pids()) {
                assertThat(openForWriting(pid))
                        .as("files that process %d writes to", pid)
                        .isEmpty();
            }
        }
    }

    @Test
    @Order(6)
    void noSecretIsInArgumentsOrLogs() throws Exception {
        for (InstanceUnderTest instance : List.of(wide, dense)) {
            String token = Files.readString(instance.home.token()).strip();
            Gateway gateway = instance == wide ? main : rescue;
            for (int pid : gateway.pids()) {
                Path file = Path.of("/proc/" + pid + "/cmdline");
                if (Files.exists(file)) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(token);
                }
            }
            try (var logs = Files.walk(instance.home.logs())) {
                for (Path log : logs.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
                            .as(log.toString())
                            .doesNotContain(token);
                }
            }
            Map<String, String> environment = instance.environmentOf(pid(gateway));
            assertThat(environment)
                    .containsEntry("OPENCLAW_GATEWAY_TOKEN", token)
                    .containsEntry("OPENCLAW_CONFIG_READONLY", "1")
                    .containsEntry("OPENCLAW_NO_RESPAWN", "1")
                    .doesNotContainKeys("INVOCATION_ID", "JOURNAL_STREAM", "NODE_OPTIONS");
        }
    }

    @Test
    @Order(7)
    void aKilledOneIsSeenAtOnceItsBrowserIsReapedAndItComesBack() throws Exception {
        int cdp = dense.base() + 3;
        int before = pid(rescue);
        Set<Integer> untouched = main.pids();
        long killed = System.nanoTime();
        ProcessId.of(before).orElseThrow().kill();

        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> rescue.report().state() == GatewayState.BACKOFF);
        System.out.printf("kill -9 seen after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        // Its Chrome lives on and would be attached to without a word by the next gateway.
        await().atMost(Duration.ofSeconds(20)).until(() -> codes(rescue).contains("orphaned-browser"));
        assertThat(listeners(PortSet.of(cdp))).isEmpty();

        awaitReady(rescue);
        System.out.printf("healed after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        assertThat(pid(rescue)).isNotEqualTo(before);
        assertThat(rescue.report().restarts()).isEqualTo(1);
        assertThat(rescue.report().exitCode()).isEqualTo(128 + 9);
        assertThat(main.pids()).containsAll(untouched);
    }

    @Test
    @Order(8)
    void aLaterNodeAdoptsIt() {
        int before = pid(rescue);
        dense.killNode();
        rescue = dense.gateway();
        Gateway.Standing standing = done(rescue.standing()).orElseThrow();

        done(rescue.adopt(standing, dense.lease()));

        awaitReady(rescue);
        assertThat(pid(rescue)).isEqualTo(before);
    }

    @Test
    @Order(9)
    void aStopLeavesNoProcessAndNoPort() throws Exception {
        for (InstanceUnderTest instance : List.of(wide, dense)) {
            Gateway gateway = instance == wide ? main : rescue;
            long began = System.nanoTime();

            assertThat(done(gateway.stop())).isTrue();

            System.out.printf("stopped after %d ms%n", (System.nanoTime() - began) / 1_000_000);
            assertThat(instance.processes()).isEmpty();
            assertThat(listeners(instance.lease().ports())).isEmpty();
        }
        assertThat(main.report().exitCode()).as("it ended in order").isZero();
    }

    @Test
    @Order(10)
    void aConfigurationThatItDoesNotStartWithIsNamedAndNotTriedAgain() throws Exception {
        Files.writeString(
                dense.configFile(),
                Json5Text.parse("c", Files.readString(dense.configFile()))
                        .with(List.of("gateway", "nonsense"), com.fasterxml.jackson.databind.node.IntNode.valueOf(1))
                        .toString());
        done(rescue.start(dense.lease()));

        await().atMost(Duration.ofSeconds(90)).until(() -> rescue.report().state() == GatewayState.EXITED);

        assertThat(rescue.report().exitCode()).isEqualTo(78);
        assertThat(rescue.report().findings()).singleElement().satisfies(finding -> {
            System.out.println(finding.detail());
            assertThat(finding.code()).isEqualTo("gateway-exited");
            assertThat(finding.detail()).contains("Unrecognized key: \"nonsense\"");
        });
        assertThat(dense.processes()).isEmpty();
    }

    /** Where the tree listens, without what the kernel chose for its helpers. */
    private static Set<Integer> ports(InstanceUnderTest instance, Gateway gateway) {
        Set<Integer> ports = new TreeSet<>();
        for (Listener outside : instance.audit(gateway).outside()) {
            ports.add(outside.port());
        }
        listeners(instance.lease().ports()).forEach(listener -> ports.add(listener.port()));
        return ports;
    }

    private static List<Listener> listeners(PortSet ports) {
        return Kernel.facts(Set.of()).listeners().stream()
                .filter(listener -> ports.contains(listener.port()))
                .toList();
    }

    /** Like {@code find PLACE -newer}: what was written there since the start, looks like a gateway's, and is not at home. */
    private static Set<String> written(Path place) throws IOException {
        Set<String> found = new TreeSet<>();
        Process find = new ProcessBuilder(
                        "find",
                        place.toString(),
                        "-xdev",
                        "(",
                        "-path",
                        fleet.toString(),
                        "-o",
                        "-path",
                        "*/.cache/gatefleet",
                        ")",
                        "-prune",
                        "-o",
                        "-newermt",
                        "@" + began / 1000,
                        "-type",
                        "f",
                        "-print")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = find.inputReader().lines()) {
            lines.filter(line -> SUSPICIOUS.matcher(line).find())
                    .filter(line -> !SHARED_LOCKS.matcher(line).matches())
                    .forEach(found::add);
        }
        return found;
    }

    /** Regular files that a process has open for writing outside its instance's home. */
    private static Set<String> openForWriting(int pid) throws IOException {
        Path descriptors = Path.of("/proc/" + pid + "/fd");
        if (!Files.isDirectory(descriptors)) {
            return Set.of();
        }
        try (var all = Files.list(descriptors)) {
            return all.map(OpenClawGatewayIT::writable)
                    .filter(target -> target.startsWith("/") && !target.startsWith("/dev/"))
                    .filter(target -> !target.startsWith(fleet.toString()))
                    .filter(target -> !target.endsWith(" (deleted)")
                            && !SHARED_LOCKS.matcher(target).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String writable(Path descriptor) {
        try {
            Path info = descriptor
                    .resolveSibling("../fdinfo/" + descriptor.getFileName())
                    .normalize();
            boolean writes = Files.readString(info)
                    .lines()
                    .filter(line -> line.startsWith("flags:"))
                    .anyMatch(line -> (Long.parseLong(line.substring(6).strip(), 8) & 3) != 0);
            return writes ? Files.readSymbolicLink(descriptor).toString() : "";
        } catch (IOException closed) {
            return "";
        }
    }
}
