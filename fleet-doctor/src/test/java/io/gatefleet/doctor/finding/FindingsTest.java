package io.gatefleet.doctor.finding;

import static io.gatefleet.doctor.host.FakeHost.TOKEN;
import static io.gatefleet.doctor.host.FakeHost.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.doctor.host.FakeHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each finding on a host that has the fault and on one that has not. A host is a tree of files with users ada and bob,
 * each with a home of their own.
 */
class FindingsTest {
    private static final String ADA = "/home/ada/.openclaw";
    private static final String BOB = "/home/bob/.openclaw";

    @TempDir
    private Path root = Path.of("");

    private FakeHost host = new FakeHost(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void twoUsersWithToday() {
        host = new FakeHost(root).user("ada").user("bob").version("openclaw", "2026.9.6");
    }

    /** Whatever the test was about: no report ever holds a secret. */
    @AfterEach
    void nothingThatIsSaidHoldsAToken() {
        assertThat(host.findings().toString() + host.census()).doesNotContain(TOKEN);
    }

    @Test
    void twoGatewaysWithRoomAndHomesOfTheirOwnHaveNoFault() {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(18_900));

        assertThat(host.findings()).isEmpty();
        assertThat(host.census().gateways()).hasSize(2);
    }

    @Test
    void onAnEmptyHostThereIsNothingToSay() {
        assertThat(host.findings()).isEmpty();
        assertThat(host.census().gateways()).isEmpty();
    }

    // ---------------------------------------------------------------- ports of two gateways

    @Test
    void atTheManualsSpacingOfTwentyTheTabLeakIsPredicted() {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(18_809));

        Finding leak = one("tab-leak");

        assertThat(leak.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(leak.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(leak.subjects()).containsExactly("openclaw@ada", "openclaw@bob");
        assertThat(leak.meaning())
                .startsWith("After 20 more browser profiles, openclaw@ada attaches to the Chrome of openclaw@bob on"
                        + " port 18820.");
        assertThat(leak.evidence())
                .anyMatch(line -> line.contains(ADA + "/openclaw.json: gateway.port"))
                .anyMatch(line -> line.contains("18820") && line.contains("browser profile \"openclaw\""));
        assertThat(leak.fix()).containsExactly("openclaw config set gateway.port 18900");
    }

    @Test
    void atTheManualsSpacingOfTwentyTheBlockedPortsAreNamedToo() {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(18_809));

        Finding overlap = one("footprints-overlap");

        assertThat(overlap.severity()).isEqualTo(Severity.WARNING);
        assertThat(overlap.certainty()).isEqualTo(Certainty.LIKELY);
        assertThat(overlap.meaning()).startsWith("They stand 20 ports apart");
        assertThat(overlap.evidence())
                .contains("port 18809: openclaw@ada, 9 more browser profiles; openclaw@bob, the gateway itself");
    }

    @ParameterizedTest(name = "{0} ports apart: leak {1}, block {2}")
    @CsvSource(delimiter = '|', textBlock = """
        20  | likely   | likely
        32  | likely   | likely
        33  | possible | likely
        98  | possible | possible
        99  | possible | possible
        110 |          | possible
        111 |          |
        """)
    void theFurtherApartTheLessLikely(int spacing, String leak, String block) {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(18_789 + spacing));

        assertThat(certainties("tab-leak")).isEqualTo(leak == null ? List.of() : List.of(leak));
        assertThat(certainties("footprints-overlap")).isEqualTo(block == null ? List.of() : List.of(block));
    }

    @Test
    void twoProfilesPinnedToOnePortLeakForCertain() {
        String pinned = "browser: {profiles: {work: {cdpPort: 25000}}},";
        host.gateway(ADA, config(18_789, pinned)).gateway(BOB, config(18_900, pinned));

        Finding leak = one("tab-leak");

        assertThat(leak.certainty()).isEqualTo(Certainty.CERTAIN);
        assertThat(leak.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(leak.meaning()).contains("port 25000", "whichever starts its browser second");
    }

    @Test
    void aThirdGatewayIsSentToABaseOfItsOwn() {
        host.user("cy")
                .gateway(ADA, config(18_789))
                .gateway(BOB, config(18_809))
                .gateway("/home/cy/.openclaw", config(18_829));

        assertThat(fixes("tab-leak"))
                .contains("openclaw config set gateway.port 18940", "openclaw config set gateway.port 19051");
    }

    @Test
    void twoGatewaysOnOneBaseExcludeEachOther() {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(18_789));

        Finding same = one("same-base");

        assertThat(same.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(same.subjects()).containsExactly("openclaw@ada", "openclaw@bob");
        assertThat(codes()).doesNotContain("tab-leak", "footprints-overlap");
    }

    @Test
    void gatewaysOfDifferentFamiliesCollideLikeAnyOthers() {
        host.gateway(ADA, config(18_789)).gateway("/home/bob/.clawdbot", config(18_809));

        assertThat(one("tab-leak").subjects()).containsExactly("openclaw@ada", "clawdbot@bob");
    }

    @Test
    void aGatewayOfGatefleetStaysAndTheOtherOneMoves() {
        host.guarded("18809-18919")
                .gateway(ADA, config(18_789))
                .gateway(BOB, config(18_809))
                .running(812, "openclaw", Map.of("HOME", "/home/bob"))
                .listens(812, "openclaw-gatewa", 18_809, "127.0.0.1", "::1");

        assertThat(one("tab-leak").fix()).containsExactly("openclaw config set gateway.port 18920");
        assertThat(host.findings()).noneMatch(finding -> finding.subjects().equals(List.of("openclaw@bob")));
    }

    @Test
    void whatGatefleetRunsIsLeftToIt() {
        String fleet = "/home/ada/.gatefleet/instances/main";
        String state = fleet + "/gateway/state";
        host.gateway(ADA, config(18_900))
                .directory(state, 0755)
                .file(fleet + "/gateway/openclaw.json", "{gateway: {bind: 'lan', port: 18789}}", 0644)
                .running(
                        812,
                        "openclaw",
                        Map.of(
                                "HOME", fleet + "/gateway/home",
                                "OPENCLAW_STATE_DIR", state,
                                "OPENCLAW_CONFIG_PATH", fleet + "/gateway/openclaw.json"))
                .process(900, 1, "chromium", chrome(18_800, state + "/browser/openclaw/user-data"), Map.of())
                .listens(900, "chromium", 18_800, "127.0.0.1");
        assertThat(codes())
                .as("by hand")
                .contains("mode-too-open", "token-missing", "binds-everywhere", "orphaned-chrome");

        host.file(fleet + "/node.json", "{}", 0600);
        assertThat(host.findings()).isEmpty();
        assertThat(host.census().gateways()).as("but it is in the picture").hasSize(2);
    }

    @Test
    void portsThatGatefleetLentAreNotForStrangers() {
        host.gateway(ADA, config(18_789)).guarded("18800-18910");
        assertThat(one("inside-lease").evidence()).contains("guarded: 18800-18899");

        host.guarded("18900-19010");
        assertThat(codes()).doesNotContain("inside-lease");
    }

    // ---------------------------------------------------------------- one gateway's base

    @ParameterizedTest(name = "base {0}: {1}")
    @CsvSource({"65425, false", "65426, true"})
    void aBaseAboveTheCapSendsItsBrowsersToTheFirstGatewaysRange(int base, boolean found) {
        host.ephemeral(32_768, 60_999).gateway(ADA, config(base));

        assertThat(codes().contains("base-above-cap")).isEqualTo(found);
        if (found) {
            assertThat(one("base-above-cap").evidence()).contains("its first browser gets port 18800");
        }
    }

    @Test
    void aboveTheCapTheTabLeakWithTheFirstGatewayIsCertain() {
        host.gateway(ADA, config(18_789)).gateway(BOB, config(65_500));

        Finding leak = one("tab-leak");

        assertThat(leak.certainty()).isEqualTo(Certainty.CERTAIN);
        assertThat(leak.meaning()).contains("port 18800");
    }

    @Test
    void aPortThatIsNoneIsCritical() {
        host.gateway(ADA, config(99_999));
        assertThat(one("port-invalid").evidence())
                .containsExactly(ADA + "/openclaw.json: gateway.port is 99999 (expected: 1 to 65425)");

        host.gateway(ADA, config(18_789));
        assertThat(codes()).doesNotContain("port-invalid");
    }

    @Test
    void aUnitThatNamesNoPortLeavesItToAHash() {
        host.gateway("/home/ada/.openclaw-blue", "{gateway: {auth: {token: '" + TOKEN + "'}}}")
                .unit("ada", "openclaw-gateway-blue.service", "ExecStart=/usr/bin/openclaw --profile blue gateway");
        Finding unstated = one("unit-without-port");
        assertThat(unstated.subjects()).containsExactly("openclaw:blue");
        assertThat(unstated.meaning()).contains("hash of its profile's name, 50541");
        assertThat(unstated.fix())
                .containsExactly(
                        "openclaw --profile blue config set gateway.port 50541",
                        "systemctl --user restart openclaw-gateway-blue.service");

        host.unit(
                "ada",
                "openclaw-gateway-blue.service",
                "ExecStart=/usr/bin/openclaw --profile blue gateway --port 19000");
        assertThat(codes()).doesNotContain("unit-without-port");
    }

    @Test
    void clawdbotsCommandLineFindsTheWrongBrowserControl() {
        host.version("clawdbot", "2026.1.24-3")
                .gateway("/home/ada/.clawdbot", config(18_789))
                .gateway("/home/bob/.clawdbot", config(18_900));
        Finding wrong = one("cli-reaches-other-gateway");
        assertThat(wrong.subjects()).containsExactly("clawdbot@bob");
        assertThat(wrong.meaning()).contains("of clawdbot@ada");
        assertThat(wrong.fix().get(0)).isEqualTo("clawdbot config set browser.controlUrl http://127.0.0.1:18902");

        host.gateway("/home/bob/.clawdbot", config(18_900, "browser: {controlUrl: 'http://127.0.0.1:18902'},"));
        assertThat(codes()).doesNotContain("cli-reaches-other-gateway");
    }

    // ---------------------------------------------------------------- what the host does with ports

    @Test
    void portsInTheEphemeralRangeWantToBeReserved() {
        host.gateway(ADA, config(40_000));
        Finding ephemeral = one("ephemeral-range");
        assertThat(ephemeral.fix().get(0)).isEqualTo("sysctl -w net.ipv4.ip_local_reserved_ports=40000,40010-40110");

        host.reserved("8080,40000-40110");
        assertThat(codes()).doesNotContain("ephemeral-range");
    }

    @Test
    void whatIsReservedAlreadyStaysReserved() {
        host.gateway(ADA, config(40_000)).reserved("8080");

        assertThat(one("ephemeral-range").fix().get(0)).endsWith("=8080,40000,40010-40110");
    }

    @Test
    void nodePortsMatterWhereKubeProxyRuns() {
        host.gateway(ADA, config(30_500));
        assertThat(codes()).doesNotContain("node-port-range");

        host.kubeProxy();
        assertThat(one("node-port-range").fix()).containsExactly("openclaw config set gateway.port 18789");
    }

    @Test
    void aStrangerWhereTheGatewayWillListenIsNamed() {
        host.gateway(ADA, config(18_789)).listens(99, "java", 18_800, "127.0.0.1");
        assertThat(one("stranger-in-footprint").evidence())
                .contains("port 18800 (browser profile \"openclaw\"): pid 99 (java)");
        assertThat(one("stranger-in-footprint").severity()).isEqualTo(Severity.WARNING);

        host.gateway(ADA, config(20_000));
        assertThat(codes()).doesNotContain("stranger-in-footprint");
    }

    @Test
    void theGatewayAndItsChildrenAreNoStrangers() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .process(813, 812, "helper", List.of("helper"), Map.of())
                .listens(812, "openclaw-gatewa", 18_789, "127.0.0.1", "::1")
                .listens(813, "helper", 18_850, "127.0.0.1");

        assertThat(codes()).doesNotContain("stranger-in-footprint");
    }

    @Test
    void aGatewayInAnotherNetworkNamespaceIsNamedAndNotCompared() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/root"))
                .link("/proc/812/ns/net", "net:[4026532999]");

        assertThat(host.census().unseen())
                .containsExactly(
                        "pid 812 (openclaw-gatewa) runs in another network namespace, as containers do: its ports"
                                + " are not this host's");
        assertThat(host.census().gateways()).hasSize(1);
    }

    // ---------------------------------------------------------------- browsers

    @Test
    void aBrowserThatOutlivedItsGatewayIsAnOrphan() {
        host.gateway(ADA, config(18_789))
                .process(900, 1, "chromium", chrome(18_800, ADA + "/browser/openclaw/user-data"), Map.of())
                .listens(900, "chromium", 18_800, "127.0.0.1");
        Finding orphan = one("orphaned-chrome");
        assertThat(orphan.fix()).containsExactly("kill 900");
        assertThat(orphan.meaning()).contains("Whoever opens port 18800 reads its tabs");

        host.running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .process(900, 812, "chromium", chrome(18_800, ADA + "/browser/openclaw/user-data"), Map.of());
        assertThat(codes()).doesNotContain("orphaned-chrome", "foreign-chrome");
    }

    @Test
    void aBrowsersHelpersAreNotCountedAgain() {
        host.gateway(ADA, config(18_789))
                .process(900, 1, "chromium", chrome(18_800, ADA + "/browser/openclaw/user-data"), Map.of())
                .process(
                        901,
                        900,
                        "chromium",
                        List.of("/usr/lib/chromium/chromium --type=renderer --remote-debugging-port=18800"
                                + " --user-data-dir=" + ADA + "/browser/openclaw/user-data"),
                        Map.of());

        assertThat(host.findings())
                .filteredOn(finding -> finding.code().equals("orphaned-chrome"))
                .hasSize(1);
    }

    @Test
    void aBrowserOfNobodysOnADerivedPortWillBeAttachedTo() {
        host.gateway(ADA, config(18_789))
                .process(900, 500, "chrome", chrome(18_805, "/home/ada/.config/google-chrome"), Map.of())
                .listens(900, "chrome", 18_805, "127.0.0.1");
        assertThat(one("foreign-chrome").severity()).isEqualTo(Severity.WARNING);

        host.process(901, 500, "chrome", chrome(18_800, "/home/ada/other"), Map.of())
                .listens(901, "chrome", 18_800, "127.0.0.1");
        assertThat(host.findings())
                .anyMatch(finding -> finding.code().equals("foreign-chrome")
                        && finding.severity() == Severity.CRITICAL
                        && finding.evidence().get(0).startsWith("pid 901"));

        host.gateway(ADA, config(20_000));
        assertThat(codes()).doesNotContain("foreign-chrome");
    }

    private static List<String> chrome(int port, String data) {
        return List.of("/usr/lib/chromium/chromium", "--remote-debugging-port=" + port, "--user-data-dir=" + data);
    }

    // ---------------------------------------------------------------- shared places

    @Test
    void twoGatewaysOnOneStateDirectoryAreCritical() {
        host.version("clawdbot", "2026.1.24-3")
                .gateway("/home/ada/.clawdbot", config(18_789))
                .running(812, "clawdbot", Map.of("HOME", "/home/ada", "TMPDIR", "/tmp/a"))
                .running(813, "clawdbot", Map.of("HOME", "/home/ada", "TMPDIR", "/tmp/b"))
                .listens(812, "clawdbot-gatewa", 18_789, "127.0.0.1", "::1")
                .listens(813, "clawdbot-gatewa", 19_000, "127.0.0.1", "::1");
        Finding shared = one("shared-state");
        assertThat(shared.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(shared.evidence())
                .anyMatch(line -> line.contains("pid 812"))
                .anyMatch(line -> line.contains("pid 813"));
        assertThat(shared.meaning()).contains("nothing stops them");

        host.gateway("/home/bob/.clawdbot", config(19_000)).running(813, "clawdbot", Map.of("HOME", "/home/bob"));
        assertThat(codes()).doesNotContain("shared-state");
    }

    @Test
    void anOmniClawWithoutADirectoryTakesOverClawdbots() {
        host.gateway("/home/ada/.clawdbot", config(18_789))
                .running(812, "clawdbot", Map.of("HOME", "/home/ada"))
                .running(813, "omniclaw", Map.of("HOME", "/home/ada", "OMNICLAW_GATEWAY_PORT", "19000"));
        assertThat(one("shared-state").subjects()).hasSize(2);

        host.gateway("/home/ada/.omniclaw", config(19_000));
        assertThat(codes()).doesNotContain("shared-state");
    }

    @Test
    void aStateDirectoryReachedByALinkIsTheSameOne() {
        host.gateway("/home/ada/.openclaw", config(18_789))
                .link("/home/bob/.openclaw", "../ada/.openclaw")
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .running(813, "openclaw", Map.of("HOME", "/home/bob", "OPENCLAW_GATEWAY_PORT", "19000"));

        assertThat(one("shared-state").evidence()).hasSize(2);
    }

    @Test
    void oneConfigurationForTwoGatewaysIsTold() {
        host.gateway(ADA, config(18_789))
                .directory("/srv/b", 0700)
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .running(
                        813,
                        "openclaw",
                        Map.of(
                                "HOME", "/home/bob",
                                "OPENCLAW_STATE_DIR", "/srv/b",
                                "OPENCLAW_CONFIG_PATH", ADA + "/openclaw.json",
                                "OPENCLAW_GATEWAY_PORT", "19000"));
        assertThat(one("shared-config").severity()).isEqualTo(Severity.WARNING);
        assertThat(codes()).doesNotContain("shared-state");

        host.file("/srv/b/openclaw.json", config(19_000), 0600)
                .running(813, "openclaw", Map.of("HOME", "/home/bob", "OPENCLAW_STATE_DIR", "/srv/b"));
        assertThat(codes()).doesNotContain("shared-config");
    }

    @Test
    void oneWorkspaceForTwoGatewaysIsTold() {
        String shared = "agents: {defaults: {workspace: '/srv/work'}},";
        host.gateway(ADA, config(18_789, shared)).gateway(BOB, config(18_900, shared));
        assertThat(one("shared-workspace").fix().get(0))
                .isEqualTo("openclaw config set agents.defaults.workspace /home/bob/.openclaw/workspace");

        host.gateway(BOB, config(18_900));
        assertThat(codes()).doesNotContain("shared-workspace");
    }

    @Test
    void olderFamiliesShareAnIdentityThroughHome() {
        host.version("omniclaw", "2026.2.1")
                .gateway("/home/ada/.omniclaw", config(18_789))
                .gateway("/home/ada/.omniclaw-rescue", config(18_900));
        assertThat(one("shared-home").severity()).isEqualTo(Severity.WARNING);

        host.delete("/home/ada/.omniclaw-rescue/omniclaw.json");
        assertThat(codes()).doesNotContain("shared-home");
    }

    @Test
    void twoOmniClawsShareOneMemory() {
        host.gateway("/home/ada/.omniclaw", config(18_789)).gateway("/home/bob/.omniclaw", config(18_900));
        assertThat(one("shared-memory-store").subjects()).hasSize(2);

        host.delete("/home/bob/.omniclaw/omniclaw.json");
        assertThat(codes()).doesNotContain("shared-memory-store");
    }

    // ---------------------------------------------------------------- modes

    @ParameterizedTest(name = "home {0}, state {1}, file {2}: {3}")
    @CsvSource({
        "755, 700, 600, ",
        "755, 750, 600, WARNING",
        "755, 755, 600, WARNING",
        "755, 755, 644, CRITICAL",
        "755, 755, 662, CRITICAL",
        "755, 777, 600, CRITICAL",
        "700, 755, 644, INFO",
    })
    void openModesAreAsBadAsWhoCanComeIn(String home, String state, String file, Severity severity) {
        host.gateway(ADA, config(18_789))
                .chmod("/home/ada", Integer.parseInt(home, 8))
                .chmod(ADA, Integer.parseInt(state, 8))
                .chmod(ADA + "/openclaw.json", Integer.parseInt(file, 8));

        assertThat(host.findings())
                .filteredOn(finding -> finding.code().equals("mode-too-open"))
                .extracting(Finding::severity)
                .isEqualTo(severity == null ? List.of() : List.of(severity));
    }

    @Test
    void whatIsCopiedIntoAShellIsOneWord() {
        host.gateway("/home/ada/.openclaw", config(18_789))
                .unit(
                        "ada",
                        "openclaw-gateway-$(reboot).service",
                        "ExecStart=/usr/bin/openclaw gateway --port 18789 --force");

        assertThat(one("kills-by-port").fix().get(0))
                .startsWith("systemctl --user edit 'openclaw-gateway-$(reboot).service'");
    }

    @Test
    void anOpenModeIsMendedByTheCommandThatIsPrinted() {
        host.gateway(ADA, config(18_789)).chmod(ADA + "/openclaw.json", 0644);
        host.file(ADA + "/openclaw.json.bak", config(18_789), 0644);

        assertThat(one("mode-too-open").fix())
                .containsExactly("chmod 600 " + ADA + "/openclaw.json", "chmod 600 " + ADA + "/openclaw.json.bak");
        // The directory above keeps others out.
        assertThat(one("mode-too-open").severity()).isEqualTo(Severity.INFO);
    }

    // ---------------------------------------------------------------- tokens and addresses

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
        token given            | openclaw | bind: 'loopback', auth: {mode: 'token', token: 'T'} |
        token from elsewhere   | openclaw | auth: {token: '${SOME_VARIABLE}'}                   |
        token in a store       | openclaw | auth: {token: {source: 'env', id: 'X'}}             |
        password given         | openclaw | auth: {mode: 'password', password: 'T'}             |
        a proxy decides        | openclaw | auth: {mode: 'trusted-proxy'}                       |
        made up at each start  | openclaw | auth: {mode: 'token'}                               | token-missing WARNING
        nothing said           | openclaw | bind: 'loopback'                                    | token-missing WARNING
        an empty one           | openclaw | auth: {mode: 'token', token: ' '}                   | token-missing WARNING
        switched off           | openclaw | auth: {mode: 'none'}                                | auth-off CRITICAL
        no password            | openclaw | auth: {mode: 'password'}                            | token-missing WARNING
        Clawdbot stands open   | clawdbot | bind: 'loopback'                                    | token-missing CRITICAL
        Clawdbot refuses       | clawdbot | auth: {mode: 'token'}                               | token-missing WARNING
        Clawdbot has one       | clawdbot | auth: {token: 'T'}                                  |
        OmniClaw refuses       | omniclaw | bind: 'loopback'                                    | token-missing WARNING
        OmniClaw has one       | omniclaw | auth: {token: 'T'}                                  |
        """)
    void aMissingTokenMeansWhatItMeansInThatFamily(String why, String flavor, String gateway, String found) {
        host.gateway("/home/ada/." + flavor, "{gateway: {port: 18789, " + gateway + "}}");

        assertThat(host.findings())
                .filteredOn(finding ->
                        finding.code().startsWith("token") || finding.code().startsWith("auth"))
                .extracting(finding -> finding.code() + " " + finding.severity().name())
                .as(why)
                .isEqualTo(found == null ? List.of() : List.of(found));
    }

    @Test
    void aTokenInTheEnvironmentOfTheProcessOrInItsStateIsAToken() {
        host.gateway(ADA, "{gateway: {port: 18789}}").file(ADA + "/.env", "OPENCLAW_GATEWAY_TOKEN=" + TOKEN, 0600);
        host.gateway(BOB, "{gateway: {port: 18900}}")
                .running(812, "openclaw", Map.of("HOME", "/home/bob", "OPENCLAW_GATEWAY_TOKEN", TOKEN));

        assertThat(codes()).doesNotContain("token-missing");
    }

    @ParameterizedTest(name = "{0} in a container {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        bind: 'loopback',                              | true  | false
        bind: 'lan',                                   | false | true
        bind: 'custom',                                | false | true
        bind: 'custom', customBindHost: '10.0.0.7',    | false | false
        bind: 'tailnet',                               | false | false
        bind: 'auto',                                  | false | false
        bind: 'auto',                                  | true  | true
                                                       | true  | true
                                                       | false | false
        tailscale: {mode: 'serve'},                    | true  | false
        """)
    void bindingAllAddressesIsTold(String bind, boolean container, boolean found) {
        host.gateway(
                ADA, "{gateway: {" + (bind == null ? "" : bind) + " port: 18789, auth: {token: '" + TOKEN + "'}}}");
        if (container) {
            host.file("/.dockerenv", "", 0644);
        }

        assertThat(codes().contains("binds-everywhere")).isEqualTo(found);
    }

    @Test
    void whatTheKernelShowsGoesBeforeWhatTheFileSays() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .listens(812, "openclaw-gatewa", 18_789, "0.0.0.0");

        assertThat(one("binds-everywhere").evidence()).containsExactly("pid 812: listens on 0.0.0.0:18789");
    }

    @Test
    void aTokenAmongTheArgumentsIsTold() {
        host.gateway(ADA, config(18_789))
                .unit(
                        "ada",
                        "openclaw-gateway.service",
                        "ExecStart=/usr/bin/openclaw gateway --port 18789 --token " + TOKEN);
        assertThat(one("token-in-arguments").severity()).isEqualTo(Severity.WARNING);

        host.unit("ada", "openclaw-gateway.service", "ExecStart=/usr/bin/openclaw gateway --port 18789");
        assertThat(codes()).doesNotContain("token-in-arguments");
    }

    @Test
    void aTokenInAUnitThatAllMayReadIsTold() {
        String unit = "/home/ada/.config/systemd/user/openclaw-gateway.service";
        host.gateway(ADA, config(18_789))
                .unit(
                        "ada",
                        "openclaw-gateway.service",
                        "ExecStart=/usr/bin/openclaw gateway --port 18789\nEnvironment=OPENCLAW_GATEWAY_TOKEN="
                                + TOKEN);
        assertThat(codes()).doesNotContain("token-in-unit", "token-drift");

        host.chmod(unit, 0644);
        Stream.of("/home/ada/.config", "/home/ada/.config/systemd", "/home/ada/.config/systemd/user")
                .forEach(directory -> host.chmod(directory, 0755));
        assertThat(one("token-in-unit").fix()).containsExactly("chmod 600 " + unit);
    }

    @Test
    void twoTokensForOneGatewayAreTold() {
        host.gateway(ADA, config(18_789))
                .running(812, "openclaw", Map.of("HOME", "/home/ada", "OPENCLAW_GATEWAY_TOKEN", "an-older-one"));
        assertThat(one("token-drift").evidence()).hasSize(2);

        host.running(812, "openclaw", Map.of("HOME", "/home/ada", "OPENCLAW_GATEWAY_TOKEN", TOKEN));
        assertThat(codes()).doesNotContain("token-drift");
    }

    // ---------------------------------------------------------------- multicast, plugins

    @Test
    void twoGatewaysThatAnnounceThemselvesClash() {
        host.version("clawdbot", "2026.1.24-3")
                .gateway("/home/ada/.clawdbot", config(18_789))
                .gateway("/home/bob/.clawdbot", config(18_900));
        assertThat(one("mdns-clash").fix()).anyMatch(command -> command.contains("CLAWDBOT_DISABLE_BONJOUR=1"));

        host.file("/home/bob/.clawdbot/.env", "CLAWDBOT_DISABLE_BONJOUR=1", 0600);
        assertThat(codes()).doesNotContain("mdns-clash");
    }

    @Test
    void theKernelShowsWhoAnnouncesItself() {
        host.gateway(ADA, config(18_789))
                .gateway(BOB, config(18_900))
                .running(812, "openclaw", Map.of("HOME", "/home/ada"))
                .running(813, "openclaw", Map.of("HOME", "/home/bob"));
        assertThat(codes()).doesNotContain("mdns-clash");

        host.listensOnUdp(812, 5353).listensOnUdp(813, 5353);
        assertThat(one("mdns-clash").evidence()).containsExactly("pid 812: holds UDP 5353", "pid 813: holds UDP 5353");
    }

    @Test
    void twoGatewaysWithOnePluginWantItsPort() {
        String teams = "channels: {msteams: {enabled: true}},";
        host.gateway(ADA, config(18_789, teams)).gateway(BOB, config(18_900, teams));
        Finding shared = one("plugin-port-shared");
        assertThat(shared.subjects()).containsExactly("openclaw@ada (msteams)", "openclaw@bob (msteams)");
        assertThat(shared.fix()).containsExactly("openclaw config set channels.msteams.webhook.port 3979");

        host.gateway(BOB, config(18_900, "channels: {msteams: {webhook: {port: 4000}}},"));
        assertThat(codes()).doesNotContain("plugin-port-shared");
    }

    @Test
    void twoPluginsOfOneGatewayMayWantOnePort() {
        host.gateway(
                ADA,
                config(18_789, "channels: {'nextcloud-talk': {}}, hooks: {enabled: true, gmail: {account: 'a@b.c'}},"));

        assertThat(one("plugin-port-shared").subjects())
                .containsExactly("openclaw (gmail)", "openclaw (nextcloud-talk)");
    }

    @Test
    void aPluginOnAnothersGatewaysPortIsTold() {
        host.gateway(ADA, config(18_789))
                .gateway(BOB, config(18_900, "channels: {msteams: {webhook: {port: 18800}}},"));

        assertThat(one("plugin-port-shared").evidence())
                .contains("port 18800: browser profile \"openclaw\" of openclaw@ada");
    }

    // ---------------------------------------------------------------- starting

    @Test
    void aBrokenConfigurationIsNamedByLineAndNeverQuoted() {
        host.gateway(ADA, "{\n gateway: { auth: { token: '" + TOKEN + "' ]\n}");
        assertThat(one("config-broken").evidence()).hasSize(1).allMatch(line -> line.contains("line 2"));

        host.gateway(ADA, config(18_789));
        assertThat(codes()).doesNotContain("config-broken");
    }

    @Test
    void aForeignVariableThatIsObeyedIsTold() {
        host.gateway("/home/ada/.omniclaw", config(18_789))
                .running(812, "omniclaw", Map.of("HOME", "/home/ada", "CLAWDBOT_GATEWAY_PORT", "26600"));
        assertThat(one("inherited-environment").evidence().get(0)).startsWith("CLAWDBOT_GATEWAY_PORT=26600");

        host.running(812, "omniclaw", Map.of("HOME", "/home/ada", "OMNICLAW_GATEWAY_PORT", "26600"));
        assertThat(codes()).doesNotContain("inherited-environment");
    }

    @Test
    void aUnitThatKillsWhoeverListensIsTold() {
        host.gateway("/home/ada/.clawdbot", config(18_789))
                .unit("ada", "clawdbot-gateway.service", "ExecStart=/usr/bin/clawdbot gateway --port 18789 --force");
        assertThat(codes()).contains("kills-by-port");

        host.unit("ada", "clawdbot-gateway.service", "ExecStart=/usr/bin/clawdbot gateway --port 18789");
        assertThat(codes()).doesNotContain("kills-by-port");
    }

    // ---------------------------------------------------------------- helpers

    private List<String> codes() {
        return host.findings().stream().map(Finding::code).toList();
    }

    private Finding one(String code) {
        List<Finding> found = host.findings().stream()
                .filter(finding -> finding.code().equals(code))
                .toList();
        assertThat(found).as(code).hasSize(1);
        return found.get(0);
    }

    private List<String> certainties(String code) {
        return host.findings().stream()
                .filter(finding -> finding.code().equals(code))
                .map(finding -> String.valueOf(finding.certainty()))
                .toList();
    }

    private List<String> fixes(String code) {
        return host.findings().stream()
                .filter(finding -> finding.code().equals(code))
                .flatMap(finding -> finding.fix().stream())
                .toList();
    }
}
