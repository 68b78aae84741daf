package io.gatefleet.doctor.host;

import static io.gatefleet.doctor.host.FakeHost.TOKEN;
import static io.gatefleet.doctor.host.FakeHost.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Place;
import io.gatefleet.doctor.census.Secret;
import io.gatefleet.doctor.port.BasePort.Source;
import io.gatefleet.doctor.port.GatewayPorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostReaderTest {
    private static final String ADA = "/home/ada/.openclaw";

    @TempDir
    private Path root = Path.of("");

    private FakeHost host = new FakeHost(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void oneUser() {
        host = new FakeHost(root).user("ada");
    }

    // ---------------------------------------------------------------- one gateway, seen three times

    @Test
    void directoryUnitAndProcessAreOneGateway() {
        host.gateway(ADA, config(18_789))
                .unit("ada", "openclaw-gateway.service", "ExecStart=/usr/bin/openclaw gateway --port 18789")
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .file("/proc/812/cgroup", "0::/user.slice/app.slice/openclaw-gateway.service\n", 0444);

        Gateway gateway = only();

        assertThat(gateway.name()).isEqualTo("openclaw");
        assertThat(gateway.pid()).isEqualTo(812);
        assertThat(gateway.unit()).isNotNull();
        assertThat(gateway.state().path()).isEqualTo(ADA);
        assertThat(GatewayPorts.of(gateway).base().source()).isEqualTo(Source.FLAG);
    }

    @Test
    void aRunningGatewaysProfileIsKnownByTheLockThatItHolds() {
        // `--profile rescue --port 23120` as it really looks: no arguments left, nothing in the environment.
        String state = "/home/ada/.openclaw-rescue";
        String lock = state + "/tmp/openclaw-0/gateway.state.lock";
        host.gateway(state, "{gateway: {auth: {token: '" + TOKEN + "'}}}")
                .file(
                        lock,
                        "{\"pid\": 812, \"ownerId\": \"x\", \"configPath\": \"" + state + "/openclaw.json\","
                                + " \"stateDir\": \"" + state + "\", \"port\": 23120, \"startTime\": "
                                + FakeHost.startTime(812) + "}\n\t \t",
                        0600)
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .holds(812, lock);

        Gateway gateway = only();

        assertThat(gateway.name()).isEqualTo("openclaw:rescue");
        assertThat(gateway.profile()).isEqualTo("rescue");
        assertThat(GatewayPorts.of(gateway).base().port()).isEqualTo(23_120);
        assertThat(GatewayPorts.of(gateway).base().source()).isEqualTo(Source.LOCK);
    }

    @Test
    void anOlderLockInItsTmpdirNamesTheConfiguration() {
        host.gateway("/home/ada/.clawdbot-two", config(19_000))
                .file(
                        "/srv/tmp/clawdbot-0/gateway.57ee29c7.lock",
                        "{\"pid\":812,\"configPath\":\"/home/ada/.clawdbot-two/clawdbot.json\",\"startTime\":"
                                + FakeHost.startTime(812) + "}",
                        0600)
                .running(812, "clawdbot", Map.of("HOME", "/home/ada", "TMPDIR", "/srv/tmp"));

        assertThat(only().profile()).isEqualTo("two");
    }

    @Test
    void aLockOfAnotherLifeOfThePidIsNotBelieved() {
        host.gateway(ADA, config(18_789))
                .file(
                        ADA + "/tmp/openclaw-0/gateway.state.lock",
                        "{\"pid\": 812, \"configPath\": \"/elsewhere/openclaw.json\", \"port\": 1, \"startTime\": 7}",
                        0600)
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .holds(812, ADA + "/tmp/openclaw-0/gateway.state.lock");

        assertThat(only().config().path()).isEqualTo(ADA + "/openclaw.json");
    }

    @Test
    void aLauncherAndItsGatewayAreOne() {
        host.gateway("/home/ada/.clawdbot", config(18_789))
                .process(
                        811,
                        1,
                        "MainThread",
                        List.of("node", "/usr/bin/clawdbot", "gateway", "--port", "19000"),
                        Map.of("HOME", "/home/ada"))
                .process(812, 811, "clawdbot-gatewa", List.of("clawdbot-gateway"), Map.of("HOME", "/home/ada"));

        assertThat(host.census().gateways()).extracting(Gateway::pid).containsExactly(812);
        assertThat(GatewayPorts.of(only()).base().port()).isEqualTo(19_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node /usr/lib/node_modules/openclaw/openclaw.mjs gateway status",
                "node /usr/lib/node_modules/openclaw/openclaw.mjs --profile blue status",
                "node /usr/lib/node_modules/openclaw/dist/process/spawn-broker/worker.js",
                "vi /usr/lib/node_modules/openclaw/openclaw.mjs",
                "openclaw",
                "node server.js gateway",
            })
    void aCommandLineIsNoGateway(String commandLine) {
        host.process(812, 1, "MainThread", List.of(commandLine.split(" ", -1)), Map.of("HOME", "/home/ada"));

        assertThat(host.census().gateways()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node /usr/lib/node_modules/openclaw/openclaw.mjs gateway run",
                "node --max-old-space-size=4096 /usr/lib/node_modules/openclaw/dist/index.js gateway --port 18789",
                "/usr/bin/node /home/ada/openclaw/dist/entry.js --profile blue gateway",
                "/usr/bin/openclaw gateway",
            })
    void inItsFirstSecondsAGatewayIsKnownByItsArguments(String commandLine) {
        host.process(812, 1, "MainThread", List.of(commandLine.split(" ", -1)), Map.of("HOME", "/home/ada"));

        assertThat(only().flavor()).isEqualTo(Flavor.OPENCLAW);
    }

    @Test
    void whoseEnvironmentMayNotBeReadIsUnseenRatherThanGuessedAt() {
        host.gateway(ADA, config(18_789)).running(812, "openclaw", Map.of()).delete("/proc/812/environ");

        assertThat(only().pid()).as("the one in the directory").isNull();
        assertThat(host.census().unseen()).anyMatch(line -> line.startsWith("pid 812 (openclaw-gatewa)"));
    }

    @Test
    void aZombieIsNoGateway() {
        host.running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .file("/proc/812/stat", "812 (openclaw-gatewa) Z 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 7 0 0", 0444);

        assertThat(host.census().gateways()).isEmpty();
    }

    @Test
    void aGatewayThatAnotherOneStartedIsBesideItAndNotInItsPlace() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .process(
                        813,
                        812,
                        "openclaw-gatewa",
                        List.of("openclaw-gateway"),
                        Map.of("HOME", "/home/ada", "OPENCLAW_PROFILE", "blue"));

        assertThat(names(List.of())).containsExactly("openclaw", "openclaw:blue");
    }

    @Test
    void ofTwoProcessesOnOneStateTheUnitIsOfTheOneThatSystemdStarted() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .running(813, "openclaw", Map.of("HOME", "/home/ada"))
                .file("/proc/813/cgroup", "0::/app.slice/openclaw-gateway.service\n", 0444)
                .unit("ada", "openclaw-gateway.service", "ExecStart=/usr/bin/openclaw gateway --port 19000");

        assertThat(host.census().gateways())
                .filteredOn(gateway -> gateway.unit() != null)
                .extracting(gateway -> gateway.whereabouts())
                .containsExactly("pid 813");
    }

    // ---------------------------------------------------------------- directories

    @Test
    void aStateDirectoryWithoutAConfigurationIsNoGateway() {
        host.directory(ADA, 0700).directory("/home/ada/.openclaw.old", 0700).directory("/home/ada/.openclawed", 0700);

        assertThat(host.census().gateways()).isEmpty();
    }

    @Test
    void rootLooksIntoEveryHomeAndHomesCanBeChosen() {
        host.user("bob").gateway(ADA, config(18_789)).gateway("/home/bob/.omniclaw", config(18_900));
        host.gateway("/srv/bots/.openclaw", config(19_011));

        assertThat(names(List.of())).containsExactlyInAnyOrder("openclaw@ada", "omniclaw@bob");
        assertThat(names(List.of("/srv/bots"))).containsExactly("openclaw@/srv/bots");
    }

    @Test
    void openclawTakesOverWhatAClawdbotLeft() {
        host.gateway("/home/ada/.clawdbot", config(18_789))
                .unit("ada", "openclaw-gateway.service", "ExecStart=/usr/bin/openclaw gateway");

        Gateway gateway = only();

        assertThat(gateway.flavor()).isEqualTo(Flavor.OPENCLAW);
        assertThat(gateway.config().path()).isEqualTo("/home/ada/.clawdbot/clawdbot.json");
    }

    @ParameterizedTest(name = "{0} {1}, profile {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        openclaw | 2026.9.6    |      | /home/ada/.openclaw/workspace
        openclaw | 2026.9.6    | blue | /home/ada/.openclaw-blue/workspace
        openclaw | 2026.3.2    |      | /home/ada/.openclaw/workspace
        openclaw | 2026.3.2    | blue | /home/ada/.openclaw/workspace-blue
        clawdbot | 2026.1.24-3 |      | /home/ada/clawd
        clawdbot | 2026.1.24-3 | blue | /home/ada/clawd-blue
        """)
    void anUnsetWorkspaceIsWhereTheFamilyPutsIt(String flavor, String version, String profile, String workspace) {
        String suffix = profile == null ? "" : "-" + profile;
        host.version(flavor, version).gateway("/home/ada/." + flavor + suffix, config(18_789));

        assertThat(only().workspaces()).extracting(Place::path).containsExactly(workspace);
    }

    // ---------------------------------------------------------------- configurations

    @Test
    void json5IsReadAsPeopleWriteIt() {
        host.gateway(ADA, """
                // comment
                {
                  gateway: { 'port': +18790, /* inline */ auth: { token: "%s", }, bind: 'lan', },
                }
                """.formatted(TOKEN));

        assertThat(only().settings().port()).isEqualTo("18790");
        assertThat(only().settings().bind()).isEqualTo("lan");
        assertThat(only().settings().token()).isEqualTo(Secret.PRESENT);
    }

    @Test
    void includesAreMergedTheLaterOverTheEarlierAndTheFileOverBoth() {
        host.gateway(ADA, "{$include: ['a.json', 'sub/b.json'], gateway: {bind: 'lan'}}")
                .file(ADA + "/a.json", "{gateway: {port: 1111, bind: 'loopback', auth: {mode: 'token'}}}", 0600)
                .file(ADA + "/sub/b.json", "{gateway: {$include: './c.json'}}", 0600)
                .file(ADA + "/sub/c.json", "{port: 2222}", 0600);

        assertThat(only().settings().port()).isEqualTo("2222");
        assertThat(only().settings().bind()).isEqualTo("lan");
        assertThat(only().settings().authMode()).isEqualTo("token");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        {$include: 'gone.json'}           | includes /home/ada/.openclaw/gone.json, which is not there
        {$include: 'openclaw.json'}       | includes more than 10 deep
        {a: }                             | line 1, column 5: not JSON5
        """)
    void whatCannotBeReadIsSaid(String config, String trouble) {
        host.gateway(ADA, config);

        assertThat(only().trouble()).isEqualTo(trouble);
    }

    @Test
    void whatIsNoFileIsNotWaitedFor() {
        host.directory(ADA + "/openclaw.json", 0700)
                .unit("ada", "openclaw-gateway.service", "ExecStart=/usr/bin/openclaw gateway --port 18789");

        assertThat(only().settings().port()).isNull();
        assertThat(only().trouble()).isNull();
    }

    // ---------------------------------------------------------------- units

    @Test
    void dropInsAddVariablesAndReplaceCommands() {
        host.unit("ada", "openclaw-gateway-blue.service", """
                        ExecStart=/usr/bin/openclaw gateway --port 1111
                        Environment="OPENCLAW_PROFILE=blue" OPENCLAW_STATE_DIR=%h/blue
                        """)
                .file("/home/ada/.config/systemd/user/openclaw-gateway-blue.service.d/override.conf", """
                        [Service]
                        ExecStart=
                        ExecStart=/usr/bin/node /usr/lib/node_modules/openclaw/dist/index.js \\
                            gateway --port ${OPENCLAW_GATEWAY_PORT}
                        Environment=OPENCLAW_GATEWAY_PORT=19789
                        """, 0600);

        Gateway gateway = only();

        assertThat(gateway.profile()).isEqualTo("blue");
        assertThat(gateway.state().path()).isEqualTo("/home/ada/blue");
        assertThat(gateway.flags().port()).isEqualTo("19789");
    }

    @Test
    void environmentFilesAreReadAndTheirSecretsForgotten() {
        host.file("/etc/openclaw.env", "# local\nOPENCLAW_GATEWAY_PORT='20000'\nOPENCLAW_GATEWAY_TOKEN=" + TOKEN, 0600)
                .unit("ada", "my-bot.service", """
                        EnvironmentFile=-/etc/openclaw.env
                        EnvironmentFile=-/etc/gone.env
                        ExecStart=-/usr/bin/openclaw gateway
                        """);

        Gateway gateway = only();

        assertThat(GatewayPorts.of(gateway).base().port()).isEqualTo(20_000);
        assertThat(gateway.environment().secret("OPENCLAW_GATEWAY_TOKEN")).isEqualTo(Secret.PRESENT);
        assertThat(gateway.toString()).doesNotContain(TOKEN);
        assertThat(gateway.unit()).isNotNull().satisfies(unit -> assertThat(unit.inlineSecret())
                .isFalse());
    }

    @Test
    void aSystemUnitRunsAsItsUser() {
        host.file("/etc/systemd/system/omniclaw-gateway.service", """
                        [Service]
                        User=ada
                        ExecStart=/usr/bin/omniclaw gateway --port 18789
                        """, 0644)
                .file("/etc/systemd/system/bot@.service", """
                        [Service]
                        ExecStart=/usr/bin/openclaw gateway --port 18999
                        """, 0644)
                .file("/etc/systemd/system/nginx.service", "[Service]\nExecStart=/usr/sbin/nginx", 0644);

        Gateway gateway = only();

        assertThat(gateway.state().path()).isEqualTo("/home/ada/.omniclaw");
        assertThat(gateway.unit()).isNotNull().satisfies(unit -> assertThat(unit.personal())
                .isFalse());
    }

    // ---------------------------------------------------------------- versions

    @ParameterizedTest(name = "from {0}: {1}")
    @CsvSource({
        "helper, 2026.9.6",
        "path, 2026.3.2",
        "unit, 2026.7.1",
        "config, 2026.2.1",
        "installation, 2026.8.1",
        "nobody, "
    })
    void theVersionIsWhatWhoeverKnowsSays(String source, String version) {
        host.gateway(ADA, config(18_789));
        switch (source) {
            case "helper" ->
                host.file(
                                "/opt/a/node_modules/openclaw/package.json",
                                "{\"name\": \"openclaw\", \"version\": \"2026.9.6\"}",
                                0644)
                        .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                        .process(
                                813,
                                812,
                                "MainThread",
                                List.of("node", "/opt/a/node_modules/openclaw/dist/process/spawn-broker/worker.js"),
                                Map.of());
            case "path" ->
                host.file("/opt/b/package.json", "{\"name\": \"openclaw\", \"version\": \"2026.3.2\"}", 0644)
                        .file("/opt/b/openclaw.mjs", "", 0755)
                        .link("/usr/local/bin/openclaw", "../../../opt/b/openclaw.mjs")
                        .running(812, "openclaw", Map.of("HOME", "/home/ada", "PATH", "/bin:/usr/local/bin"));
            case "unit" ->
                host.unit(
                        "ada",
                        "openclaw-gateway.service",
                        "ExecStart=/usr/bin/openclaw gateway\nEnvironment=OPENCLAW_SERVICE_VERSION=2026.7.1");
            case "config" -> host.gateway(ADA, config(18_789, "meta: {lastTouchedVersion: '2026.2.1'},"));
            case "installation" -> host.version("openclaw", "2026.8.1");
            default -> assertThat(source).isEqualTo("nobody");
        }

        assertThat(only().version()).isEqualTo(version);
    }

    // ---------------------------------------------------------------- helpers

    private Gateway only() {
        List<Gateway> gateways = host.census().gateways();
        assertThat(gateways).hasSize(1);
        return gateways.get(0);
    }

    private List<String> names(List<String> homes) {
        return host.reader(homes).census().gateways().stream()
                .map(Gateway::name)
                .toList();
    }
}
