package io.gatefleet.doctor.port;

import static io.gatefleet.doctor.census.GatewayBuilder.gateway;
import static io.gatefleet.doctor.census.GatewayBuilder.openclaw;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.doctor.census.GatewayBuilder;
import io.gatefleet.doctor.port.BasePort.Source;
import io.gatefleet.doctor.port.PortUse.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayPortsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        a flag goes before all            | openclaw | 2026.9.6    | 1111 | 2222 |      | 3333  | blue | 1111  | FLAG
        the environment before the file   | openclaw | 2026.9.6    |      | 2222 |      | 3333  | blue | 2222  | ENVIRONMENT
        the file before the hash          | openclaw | 2026.9.6    |      |      |      | 3333  | blue | 3333  | CONFIG
        a named profile is hashed         | openclaw | 2026.9.6    |      |      |      |       | blue | 50541 | HASHED
        and where nobody knows a version  | openclaw |             |      |      |      |       | blue | 50541 | HASHED
        not before 2026.8                 | openclaw | 2026.7.1    |      |      |      |       | blue | 18789 | DEFAULT
        no other family hashes            | clawdbot | 2026.1.24-3 |      |      |      |       | blue | 18789 | DEFAULT
        dev goes before the file          | openclaw | 2026.9.6    |      |      |      | 3333  | dev  | 19001 | FLAG
        and not before the environment    | openclaw | 2026.9.6    |      | 2222 |      |       | dev  | 2222  | ENVIRONMENT
        nobody says anything              | openclaw | 2026.9.6    |      |      |      |       |      | 18789 | DEFAULT
        OmniClaw obeys Clawdbot's name    | omniclaw | 2026.2.1    |      |      | 4444 | 3333  |      | 4444  | ENVIRONMENT
        its own goes before that          | omniclaw | 2026.2.1    |      | 2222 | 4444 | 3333  |      | 2222  | ENVIRONMENT
        older OpenClaw does so too        | openclaw | 2026.3.2    |      |      | 4444 | 3333  |      | 4444  | ENVIRONMENT
        today's does not                  | openclaw | 2026.9.6    |      |      | 4444 | 3333  |      | 3333  | CONFIG
        a flag that is no port is none    | openclaw | 2026.9.6    | x    |      |      | 3333  |      | 3333  | CONFIG
        so is a variable                  | openclaw | 2026.9.6    |      | 0    |      | 3333  |      | 3333  | CONFIG
        a port with an address            | openclaw | 2026.9.6    |      | 127.0.0.1:2222 |  | 3333 |  | 2222  | ENVIRONMENT
        a file's port that is none        | openclaw | 2026.9.6    |      |      |      | 99999 |      | 18789 | DEFAULT
        """)
    void theBaseIsWhatTheFamilyObeysFirst(
            String why,
            String flavor,
            String version,
            String flag,
            String own,
            String clawdbots,
            Integer file,
            String profile,
            int port,
            Source source) {
        GatewayBuilder gateway = gateway("ada", flavor, version).profile(profile);
        if (flag != null) {
            gateway.flags("gateway", "--port", flag);
        }
        if (own != null) {
            gateway.variable(flavor.toUpperCase(Locale.ROOT) + "_GATEWAY_PORT", own);
        }
        if (clawdbots != null) {
            gateway.variable("CLAWDBOT_GATEWAY_PORT", clawdbots);
        }
        if (file != null) {
            gateway.port(file);
        }

        BasePort base = GatewayPorts.of(gateway.build()).base();

        assertThat(base.port()).as(why).isEqualTo(port);
        assertThat(base.source()).as(why).isEqualTo(source);
    }

    @Test
    void aPortThatIsNoneIsRemembered() {
        assertThat(GatewayPorts.of(openclaw("ada").port(99_999).build()).ignored())
                .isEqualTo("99999");
        assertThat(GatewayPorts.of(openclaw("ada").port(18_790).build()).ignored())
                .isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        openclaw | 2026.2.1    | 20000 gateway, 20003 relay, 20011 cdp
        openclaw | 2026.3.2    | 20000 gateway, 20002 control, 20003 relay, 20011 cdp
        openclaw | 2026.4.15   | 20000 gateway, 20002 control, 20011 cdp
        openclaw | 2026.6.11   | 20000 gateway, 20011 cdp
        openclaw | 2026.7.1    | 20000 gateway, 20010 relay, 20011 cdp
        openclaw | 2026.9.6    | 20000 gateway, 20010 relay, 20011 cdp
        clawdbot | 2026.1.24-3 | 20000 gateway, 20002 control, 20003 relay, 20011 cdp
        omniclaw | 2026.2.1    | 20000 gateway, 20003 relay, 20011 cdp
        """)
    void eachVersionUsesWhatItWasSeenToUse(String flavor, String version, String uses) {
        GatewayPorts ports =
                GatewayPorts.of(gateway("ada", flavor, version).port(20_000).build());

        assertThat(shown(ports)).isEqualTo(uses);
        assertThat(ports.next()).hasSize(99).startsWith(20_012).endsWith(20_110);
    }

    @Test
    void theTwentiethFurtherProfileGetsThePortThatWasMeasured() {
        // Measured: in a gateway on 18789, p9 gets 18809 and p20 gets 18820.
        GatewayPorts ports = GatewayPorts.of(openclaw("ada").port(18_789).build());

        assertThat(ports.profilesUntil(18_809)).hasValue(9);
        assertThat(ports.profilesUntil(18_820)).hasValue(20);
        assertThat(ports.profilesUntil(18_800)).isEmpty();
        assertThat(ports.profilesUntil(18_900)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: base {3} gives {4} and {5} more")
    @CsvSource(delimiter = '|', textBlock = """
        the last base with room      | openclaw | 2026.9.6    | 65425 | 65436 | 99
        one more falls to the first  | openclaw | 2026.9.6    | 65426 | 18800 | 99
        and so do those above        | openclaw | 2026.9.6    | 65500 | 18800 | 99
        an older line has one port   | openclaw | 2026.3.2    | 65500 | 65511 | 0
        Clawdbot too                 | clawdbot | 2026.1.24-3 | 65426 | 65437 | 0
        """)
    void aboveTheCapTheBrowsersGoElsewhere(
            String why, String flavor, String version, int base, int cdpFirst, int more) {
        GatewayPorts ports =
                GatewayPorts.of(gateway("ada", flavor, version).port(base).build());

        assertThat(ports.use(cdpFirst)).as(why).get().extracting(PortUse::role).isEqualTo(Role.CDP);
        assertThat(ports.next()).as(why).hasSize(more);
    }

    @Test
    void pinnedProfilesTakeTheirPortsAndLeaveTheOthersToFurtherOnes() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .config(browser(Map.of(
                        "openclaw", Map.of("cdpPort", 20_001),
                        "work", Map.of("cdpUrl", "http://127.0.0.1:20012"),
                        "far", Map.of("cdpUrl", "http://10.0.0.7:20013"),
                        "mine", Map.of("driver", "existing-session", "attachOnly", true),
                        "chrome", Map.of("driver", "existing-session", "attachOnly", true))))
                .build());

        assertThat(shown(ports)).isEqualTo("20000 gateway, 20001 cdp, 20012 cdp");
        // 20013 is a number that the gateway does not give out again, though the browser is another machine's.
        assertThat(ports.next()).startsWith(20_011, 20_014).doesNotContain(20_012, 20_013);
    }

    @Test
    void relaysCountDownByNameAndPassOverPinnedPorts() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .config(browser(Map.of(
                        "zoo", Map.of("driver", "extension"),
                        "alpha", Map.of("driver", "extension"),
                        "pinned", Map.of("driver", "extension", "cdpPort", 20_009))))
                .build());

        // chrome, the built-in one, stands between alpha and zoo.
        assertThat(ports.now())
                .filteredOn(use -> use.role() == Role.RELAY)
                .extracting(use -> use.port() + " " + use.what())
                .containsExactly(
                        "20007 extension relay of browser profile \"zoo\"",
                        "20008 extension relay of browser profile \"chrome\"",
                        "20009 extension relay of browser profile \"pinned\"",
                        "20010 extension relay of browser profile \"alpha\"");
    }

    @Test
    void anOlderRelayIsPinnedByItsUrl() {
        GatewayPorts ports = GatewayPorts.of(gateway("ada", "clawdbot", "2026.1.24-3")
                .config(Map.of(
                        "gateway",
                        Map.of("port", 20_000),
                        "browser",
                        Map.of(
                                "controlUrl",
                                "http://127.0.0.1:20001",
                                "profiles",
                                Map.of(
                                        "chrome",
                                        Map.of("driver", "extension", "cdpUrl", "http://127.0.0.1:20002"),
                                        "clawd",
                                        Map.of("cdpPort", 20_003)))))
                .build());

        assertThat(shown(ports)).isEqualTo("20000 gateway, 20001 control, 20002 relay, 20003 cdp");
        assertThat(ports.next()).as("counted from the moved control port").startsWith(20_010);
    }

    @ParameterizedTest(name = "{0}: first CDP port {1}")
    @CsvSource({"2026.3.2, 30000", "2026.7.1, 30000", "2026.9.6, 20011", "2026.2.1, 20011"})
    void onlySomeVersionsObeyARangesStart(String version, int first) {
        GatewayPorts ports = GatewayPorts.of(gateway("ada", "openclaw", version)
                .config(Map.of("gateway", Map.of("port", 20_000), "browser", Map.of("cdpPortRangeStart", 30_000)))
                .build());

        assertThat(ports.use(first)).get().extracting(PortUse::role).isEqualTo(Role.CDP);
    }

    @Test
    void withoutBrowsersOnePortIsAll() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .config(Map.of("gateway", Map.of("port", 20_000), "browser", Map.of("enabled", false)))
                .build());

        assertThat(ports.all()).hasToString("20000");
    }

    @Test
    void aReadOnlyConfigurationGetsNoFurtherProfiles() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .port(20_000)
                .variable("OPENCLAW_CONFIG_READONLY", "1")
                .build());

        assertThat(ports.next()).isEmpty();
    }

    @Test
    void eagerBrowserControlIsBoundWhereItIsAskedFor() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .port(20_000)
                .variable("OPENCLAW_EAGER_BROWSER_CONTROL_SERVER", "1")
                .build());

        assertThat(ports.use(20_002)).get().extracting(PortUse::role).isEqualTo(Role.CONTROL);
    }

    @Test
    void aRunningGatewayStandsWhereItListensWhateverWasWrittenMeanwhile() {
        BasePort kernel = GatewayPorts.of(openclaw("ada")
                        .port(20_000)
                        .runs(812)
                        .listens(21_000, "127.0.0.1", "::1")
                        .listens(21_010, "127.0.0.1")
                        .build())
                .base();
        BasePort lock = GatewayPorts.of(
                        openclaw("ada").port(20_000).runs(812).locked(21_000).build())
                .base();

        assertThat(kernel.port()).isEqualTo(21_000);
        assertThat(kernel.source()).isEqualTo(Source.KERNEL);
        assertThat(lock.port()).isEqualTo(21_000);
        assertThat(lock.source()).isEqualTo(Source.LOCK);
    }

    @Test
    void aPortThatNoRuleExplainsIsShownAsSeen() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .port(20_000)
                .runs(812)
                .listens(20_000, "127.0.0.1", "::1")
                .listens(20_005, "127.0.0.1")
                .listens(40_123, "127.0.0.1")
                .build());

        assertThat(shown(ports)).isEqualTo("20000 gateway, 20005 seen, 20010 relay, 20011 cdp");
    }

    @Test
    void pluginsInUseBringTheirFixedPorts() {
        GatewayPorts ports = GatewayPorts.of(openclaw("ada")
                .config(Map.of(
                        "gateway",
                        Map.of("port", 20_000),
                        "browser",
                        Map.of("enabled", false),
                        "channels",
                        Map.of(
                                "msteams", Map.of("enabled", true),
                                "nextcloud-talk", Map.of("webhookPort", 9_000),
                                "telegram", Map.of("webhookUrl", "https://example.org/hook"),
                                "feishu", Map.of("connectionMode", "websocket"),
                                "signal", Map.of("httpUrl", "http://127.0.0.1:8080")),
                        "plugins",
                        Map.of("entries", Map.of("voice-call", Map.of("enabled", true)))))
                .build());

        assertThat(ports.now())
                .filteredOn(use -> use.role() == Role.PLUGIN)
                .extracting(use -> use.port() + " " + use.what())
                .containsExactly(
                        "3334 plugin voice-call",
                        "3978 plugin msteams",
                        "8787 plugin telegram-webhook",
                        "9000 plugin nextcloud-talk");
    }

    private static Map<String, Object> browser(Map<String, Object> profiles) {
        return Map.of("gateway", Map.of("port", 20_000), "browser", Map.of("profiles", profiles));
    }

    private static String shown(GatewayPorts ports) {
        List<String> uses = ports.now().stream()
                .map(use -> use.port() + " " + use.role().name().toLowerCase(Locale.ROOT))
                .toList();
        return String.join(", ", uses);
    }
}
