package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortLayout.Shape;
import io.gatefleet.node.gateway.ConfigMerge.Merged;
import io.gatefleet.node.gateway.ConfigMerge.Wanted;
import io.gatefleet.node.gateway.ConfigMerge.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wide leases begin at 20000 and have their CDP ports at 20011 to 20110; dense ones have them from 20002 on. */
class ConfigMergeTest {
    private static final int BASE = 20_000;

    private Token token;

    @BeforeEach
    void makeToken(@TempDir Path directory) throws IOException {
        token = Token.keep(directory.resolve("token"));
    }

    @Test
    void anEmptyHomeGetsAWholeConfiguration() {
        Merged merged = merge(null, wide(), Written.NOTHING);

        assertThat(values(merged))
                .containsEntry("gateway.mode", "local") // without it: exit code 78
                .containsEntry("gateway.port", "20000")
                .containsEntry("gateway.bind", "loopback") // unset it is 0.0.0.0 in a container
                .containsEntry("gateway.auth.mode", "token")
                .containsEntry("gateway.auth.token", token.reveal())
                .containsEntry("agents.defaults.workspace", "/i/workspace")
                .containsEntry("logging.file", "/i/logs/gateway.log")
                .containsEntry("browser.executablePath", "/usr/bin/chromium")
                .doesNotContainKey("browser.profiles.openclaw.cdpPort"); // derived: base + 11
    }

    @Test
    void whatItWritesIsForPeopleToRead() {
        assertThat(text(merge("{\n  agents: {},\n}\n", wide(), Written.NOTHING)))
                .isEqualTo("""
                        {
                          "gateway": {
                            "mode": "local",
                            "port": 20000,
                            "bind": "loopback",
                            "auth": {
                              "mode": "token",
                              "token": "%s"
                            }
                          },
                          "logging": {
                            "file": "/i/logs/gateway.log"
                          },
                          "browser": {
                            "executablePath": "/usr/bin/chromium",
                            "headless": true,
                            "noSandbox": true
                          },
                          agents: {
                            "defaults": {
                              "workspace": "/i/workspace"
                            }
                          },
                        }
                        """.formatted(token.reveal()));
    }

    @Test
    void aDenseLeasePinsEveryBrowserAndKeepsTheRelayAway() {
        Merged merged = merge(null, dense("openclaw", "work"), Written.NOTHING);

        assertThat(values(merged))
                .containsEntry("browser.profiles.openclaw.cdpPort", "20002")
                .containsEntry("browser.profiles.work.cdpPort", "20003")
                // Else the first use of any browser opens base + 10, outside the lease and in no manual.
                .containsEntry("browser.profiles.chrome.driver", "existing-session")
                .containsEntry("browser.profiles.chrome.attachOnly", "true");
    }

    @Test
    void whatTheUserWroteStaysAsItStands() {
        String user = """
                // mine
                {
                  agents: { defaults: { model: 'x/y', /* why */ temperature: 0.5 } },
                  channels: { telegram: { enabled: true } }, // all of them
                }
                """;

        String text = text(merge(user, wide(), Written.NOTHING));

        assertThat(text)
                .startsWith("// mine\n")
                .contains(
                        "model: 'x/y', /* why */ temperature: 0.5",
                        "channels: { telegram: { enabled: true } }, // all");
    }

    @Test
    void aSecondStartOnTheSameLeaseTouchesNothing() {
        Merged first = merge("{ // mine\n}", wide(), Written.NOTHING);

        assertThat(merge(first.text(), wide(), first.written()).text()).isNull();
    }

    @Test
    void anotherLeaseReplacesWhatGatefleetWrote() {
        Merged first = merge("{}", wide(), Written.NOTHING);

        Merged second = merge(first.text(), wide().at(21_000), first.written());

        assertThat(values(second)).containsEntry("gateway.port", "21000");
    }

    @Test
    void aNewTokenReplacesTheOldOneAndNoneIsRemembered(@TempDir Path directory) throws IOException {
        Merged first = merge("{}", wide(), Written.NOTHING);
        assertThat(first.written().toString()).doesNotContain(token.reveal()).contains("sha256:");
        token = Token.keep(directory.resolve("rotated"));

        assertThat(values(merge(first.text(), wide(), first.written())))
                .containsEntry("gateway.auth.token", token.reveal());
    }

    /** An owned key that the user set otherwise: refused with its name, its value, and what was expected. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {gateway: {port: 18789}}                          | gateway.port: 18789 (expected: nothing, or 20000: this key belongs to Gatefleet)
            {gateway: {port: 99999}}                          | gateway.port: 99999 (expected: nothing, or 20000: this key belongs to Gatefleet)
            {gateway: {bind: 'lan'}}                          | gateway.bind: 'lan' (expected: nothing, or "loopback": this key belongs to Gatefleet)
            {gateway: {mode: 'remote'}}                       | gateway.mode: 'remote' (expected: nothing, or "local": this key belongs to Gatefleet)
            {gateway: {auth: {mode: 'password'}}}             | gateway.auth.mode: 'password' (expected: nothing, or "token": this key belongs to Gatefleet)
            {gateway: {auth: {token: 'mine'}}}                | gateway.auth.token: (hidden) (expected: nothing: Gatefleet makes the token and keeps it in secrets/token)
            {agents: {defaults: {workspace: '/shared'}}}      | agents.defaults.workspace: '/shared' (expected: nothing, or "/i/workspace": this key belongs to Gatefleet)
            {logging: {file: '/tmp/x.log'}}                   | logging.file: '/tmp/x.log' (expected: nothing, or "/i/logs/gateway.log": this key belongs to Gatefleet)
            {gateway: {port: {x: 1}}}                         | gateway.port: {x: 1} (expected: nothing, or 20000: this key belongs to Gatefleet)
            {gateway: 5}                                      | gateway: 5 (expected: an object)
            {browser: {profiles: {w: {cdpPort: 18801}}}}      | browser.profiles.w.cdpPort: 18801 (expected: nothing, or a port of 20011-20110 that no other profile has)
            {browser: {profiles: {w: {cdpPort: 20011}}}}      | browser.profiles.w.cdpPort: 20011 (expected: nothing, or a port of 20011-20110 that no other profile has)
            {browser: {profiles: {w: {cdpPort: 20010}}}}      | browser.profiles.w.cdpPort: 20010 (expected: nothing, or a port of 20011-20110 that no other profile has)
            {browser: {profiles: {w: {cdpUrl: 'http://127.0.0.1:18801'}}}} | browser.profiles.w.cdpUrl: port 18801 of this machine (expected: a port of 20000-20110, or attachOnly: true)
            {browser: {profiles: {w: {cdpUrl: 'http://localhost:18801'}}}} | browser.profiles.w.cdpUrl: port 18801 of this machine (expected: a port of 20000-20110, or attachOnly: true)
            """)
    void refusesWhatContradictsTheLease(String user, String complaint) {
        assertThatThrownBy(() -> merge(user, wide(), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessage(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {gateway: {port: 20000, bind: 'loopback'}}                                     | what Gatefleet wants, too
            {browser: {executablePath: '/opt/chrome', headless: false}}                    | browsers are the user's own business
            {browser: {profiles: {far: {cdpUrl: 'https://browsers.example.org:9222'}}}}    | a browser on another machine
            {browser: {profiles: {mine: {cdpUrl: 'http://127.0.0.1:9222', attachOnly: true}}}} | the user's own, attached to on purpose
            {browser: {profiles: {mine: {driver: 'existing-session', attachOnly: true}}}}  | takes no port
            {browser: {profiles: {w: {cdpPort: 20012}}}}                                   | a port of the lease
            """)
    void acceptsWhatDoesNot(String user, String why) {
        assertThat(text(merge(user, wide(), Written.NOTHING)))
                .as(why)
                .contains(user.substring(user.indexOf("{", 1) + 1, user.length() - 2));
    }

    @Test
    void aProfileWithoutAPortGetsALeasedOneThatNobodyHas() {
        Merged merged = merge(
                "{browser: {profiles: {a: {cdpPort: 20012}, b: {color: 'x'}, openclaw: {color: 'y'}, c: {}}}}",
                wide(),
                Written.NOTHING);

        assertThat(values(merged))
                .containsEntry("browser.profiles.b.cdpPort", "20013")
                .containsEntry("browser.profiles.c.cdpPort", "20014")
                .containsEntry("browser.profiles.a.cdpPort", "20012")
                // Where it would be derived; but whatever is written down must say its port.
                .containsEntry("browser.profiles.openclaw.cdpPort", "20011");
    }

    @Test
    void profilesMoveWithTheLease() {
        // Named by the user, or by create-profile in a life in which the file was writable.
        String user = "{browser: {profiles: {a: {cdpPort: 20050}, b: {}}}}";
        Merged first = merge(user, wide(), Written.NOTHING);

        Merged second = merge(first.text(), wide().at(21_000), first.written());

        assertThat(values(second))
                .containsEntry("browser.profiles.a.cdpPort", "21050")
                .containsEntry("browser.profiles.b.cdpPort", "21012");
        assertThat(merge(second.text(), wide().at(21_000), second.written()).text())
                .isNull();
    }

    @Test
    void aDenseLeaseRefusesABrowserThatItHasNoPortFor() {
        assertThatThrownBy(() -> merge("{browser: {profiles: {more: {}}}}", dense("openclaw", "work"), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("browser.profiles.more")
                .hasMessageContaining("one of openclaw, work");
        assertThatThrownBy(() -> merge("{}", dense("openclaw", "chrome"), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("profiles: chrome");
        assertThatThrownBy(() -> merge("{}", dense("work"), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("openclaw among them");
    }

    @Test
    void fromDenseToWideNothingOfTheOldLeaseStays() {
        Merged first = merge("{agents: {}}", dense("openclaw", "work"), Written.NOTHING);

        Merged second = merge(first.text(), wide().at(21_000), first.written());

        assertThat(values(second))
                .doesNotContainKey("browser.profiles.chrome.driver")
                .doesNotContainKey("browser.profiles.openclaw.cdpPort")
                .containsEntry("browser.profiles.work.cdpPort", "21012");
        assertThat(text(second)).doesNotContain("20002", "20003", "chrome\"");
    }

    @Test
    void aPluginsFixedPortIsReplacedByALeasedOneAndGoesWithIt() {
        Merged first = merge("{}", wide().with("msteams", "signal"), Written.NOTHING);
        assertThat(values(first))
                // 3978 and 8080 whatever the base: two gateways of a host with the plugin collide.
                .containsEntry("channels.msteams.webhook.port", "20111")
                .containsEntry("channels.signal.transport.httpPort", "20112")
                .containsEntry("channels.signal.transport.kind", "managed-native");

        Merged second = merge(first.text(), wide().with("signal"), first.written());

        assertThat(values(second))
                .doesNotContainKey("channels.msteams.webhook.port")
                .containsEntry("channels.signal.transport.httpPort", "20111");
        assertThat(text(second)).doesNotContain("msteams");
    }

    @Test
    void aDefaultThatTheUserChangedStaysTheUsers() {
        Merged first = merge("{}", wide(), Written.NOTHING);
        String edited = text(first).replace("\"headless\": true", "\"headless\": false");
        assertThat(edited).isNotEqualTo(text(first));

        assertThat(merge(edited, wide(), first.written()).text()).isNull();
    }

    @Test
    void theHighestBaseStillHasItsWholeRange() {
        // From 65426 on OpenClaw falls back to 18800-18899, the range of somebody else.
        assertThat(values(merge("{}", wide().at(65_425), Written.NOTHING))).containsEntry("gateway.port", "65425");
        assertThatThrownBy(() -> wide().at(65_426)).isInstanceOf(BadInput.class);
    }

    @Test
    void saysWhereAFileCannotBeRead() {
        assertThatThrownBy(() -> merge("{\n  gateway: {port: }\n}", wide(), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("openclaw.json: unreadable at line 2");
    }

    /** One line for each: what a dense lease of a line is pinned to, the first profile's color apart. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw | 2026.9.6    | openclaw | 20002 | -      | existing-session | -                      | -
            openclaw | 2026.7.1    | openclaw | 20002 | -      | existing-session | -                      | -
            openclaw | 2026.6.11   | openclaw | 20004 | colour | -                | -                      | -
            openclaw | 2026.3.2    | openclaw | 20004 | colour | -                | -                      | -
            openclaw | 2026.2.1    | openclaw | 20003 | colour | extension        | http://127.0.0.1:20002 | -
            omniclaw | 2026.2.1    | omniclaw | 20003 | colour | extension        | http://127.0.0.1:20002 | -
            clawdbot | 2026.1.24-3 | clawd    | 20004 | colour | extension        | http://127.0.0.1:20003 | http://127.0.0.1:20002
            """)
    void aDenseLeaseIsPinnedInTheWordsOfTheLine(
            String flavor,
            String version,
            String profile,
            String cdpPort,
            String color,
            String driver,
            String relay,
            String control) {
        Map<String, String> values =
                values(merge(null, dense(Flavor.parse(flavor), version, profile, "work"), Written.NOTHING));

        assertThat(values)
                .containsEntry("browser.profiles." + profile + ".cdpPort", cdpPort)
                .containsEntry("browser.profiles.work.cdpPort", String.valueOf(Integer.parseInt(cdpPort) + 1));
        // Refused by the older lines where it is missing.
        assertThat(values.containsKey("browser.profiles.work.color")).isEqualTo(color.equals("colour"));
        // Their own default is the extension's profile, in a Chrome that nobody started.
        assertThat(values.getOrDefault("browser.defaultProfile", profile)).isEqualTo(profile);
        assertThat(values.getOrDefault("browser.profiles.chrome.driver", "-")).isEqualTo(driver);
        assertThat(values.getOrDefault("browser.profiles.chrome.cdpUrl", "-")).isEqualTo(relay);
        assertThat(values.getOrDefault("browser.controlUrl", "-")).isEqualTo(control);
    }

    /** All lines, each in both shapes: to the same lease, to another one, and to the other shape. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "openclaw, 2026.9.6",
        "openclaw, 2026.3.2",
        "openclaw, 2026.2.1",
        "omniclaw, 2026.2.1",
        "clawdbot, 2026.1.24-3"
    })
    void everyLineKeepsTheUsersWordsThroughAllMoves(String name, String version) {
        Flavor flavor = Flavor.parse(name);
        String profile = Dialect.defaultProfile(flavor);
        String user = "// mine\n{\n  channels: { telegram: { enabled: true } }, // all of them\n}\n";
        List<Case> moves = List.of(
                wide(flavor, version),
                wide(flavor, version).at(21_000),
                dense(flavor, version, profile, "work").at(22_000),
                dense(flavor, version, profile).at(23_000),
                wide(flavor, version).at(24_000));
        String text = user;
        Written written = Written.NOTHING;
        for (Case move : moves) {
            Merged merged = merge(text, move, written);
            text = text(merged);
            written = merged.written();

            assertThat(text)
                    .startsWith("// mine\n")
                    .contains("channels: { telegram: { enabled: true } }, // all of them");
            assertThat(values(merged).values().stream()
                            .filter(value -> value.matches("(http://127.0.0.1:)?\\d{5}"))
                            .map(value -> Integer.valueOf(value.substring(value.length() - 5))))
                    .as("ports")
                    .isNotEmpty()
                    .allMatch(move.layout().footprint().at(move.base())::contains);
            assertThat(merge(text, move, written).text()).as("a second start").isNull();
        }
        assertThat(values(merge(user, wide(flavor, version).at(24_000), Written.NOTHING))
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(
                        values(new Merged(text, written)).keySet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            clawdbot | 2026.1.24-3 | {browser: {controlUrl: 'http://127.0.0.1:18791'}}  | browser.controlUrl: 'http://127.0.0.1:18791' (expected: nothing, or "http://127.0.0.1:20002": this key belongs to Gatefleet)
            clawdbot | 2026.1.24-3 | {browser: {cdpUrl: 'http://127.0.0.1:18792'}}      | browser.cdpUrl: port 18792 of this machine (expected: nothing, or a port of 20000-20110)
            openclaw | 2026.3.2    | {browser: {cdpPortRangeStart: 18800}}              | browser.cdpPortRangeStart: 18800 (expected: nothing: the lease says where the CDP ports are)
            openclaw | 2026.2.1    | {browser: {profiles: {chrome: {driver: 'extension', cdpUrl: 'http://127.0.0.1:18792', color: '#00AA00'}}}} | browser.profiles.chrome.cdpUrl: port 18792 of this machine (expected: a port of 20000-20110, or attachOnly: true)
            """)
    void refusesWhatMovesAnOlderLineOutOfItsLease(String flavor, String version, String user, String complaint) {
        assertThatThrownBy(() -> merge(user, wide(Flavor.parse(flavor), version), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessage(complaint);
    }

    @Test
    void aDenseLeaseWithoutARelayOfItsOwnRefusesOneElsewhere() {
        String user =
                "{browser: {profiles: {chrome: {driver: 'extension', cdpUrl: 'http://127.0.0.1:18792', color: '#0A0'}}}}";

        assertThatThrownBy(() -> merge(user, dense(Flavor.OPENCLAW, "2026.3.2", "openclaw"), Written.NOTHING))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("browser.profiles.chrome.cdpUrl: port 18792");
    }

    /** Clawdbot's create-profile writes the whole file anew, and says so in {@code meta}; nothing forbids it to. */
    @Test
    void aFileThatTheGatewayRewroteIsUnderstoodAndItsNewBrowserIsJudged() {
        Case dense = dense(Flavor.CLAWDBOT, "2026.1.24-3", "clawd");
        Merged first = merge("{ // mine\n}", dense, Written.NOTHING);
        String rewritten = text(first)
                .replace(" // mine", "")
                .replaceFirst(
                        "\\{",
                        "{\"meta\": {\"lastTouchedVersion\": \"2026.1.24-3\", \"lastTouchedAt\": \"2026-01-30T00:00:00Z\"},");

        assertThat(merge(rewritten, dense, first.written()).text()).isNull();
        String escaped = rewritten.replace(
                "\"profiles\": {", "\"profiles\": {\"work\": {\"cdpPort\": 20011, \"color\": \"#0066CC\"},");
        assertThat(escaped).isNotEqualTo(rewritten);
        assertThatThrownBy(() -> merge(escaped, dense, first.written()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("browser.profiles.work")
                .hasMessageContaining("one of clawd");
        // In a wide lease it has its place, and goes where the lease goes.
        Case wide = wide(Flavor.CLAWDBOT, "2026.1.24-3");
        Merged other = merge(null, wide, Written.NOTHING);
        String grown = text(other)
                .replaceFirst(
                        "\"browser\": \\{",
                        "\"browser\": {\"profiles\": {\"work\": {\"cdpPort\": 20012, \"color\": \"#0066CC\"}},");
        assertThat(values(merge(grown, wide.at(21_000), other.written())))
                .containsEntry("browser.profiles.work.cdpPort", "21012")
                .containsEntry("browser.profiles.work.color", "#0066CC");
    }

    private record Case(
            Flavor flavor, String version, Shape shape, int base, List<String> profiles, Set<String> extras) {
        Case {
            layout(flavor, version, shape, profiles, extras).footprint().at(base);
        }

        Case at(int where) {
            return new Case(flavor, version, shape, where, profiles, extras);
        }

        Case with(String... plugins) {
            return new Case(flavor, version, shape, base, profiles, Set.of(plugins));
        }

        PortLayout layout() {
            return layout(flavor, version, shape, profiles, extras);
        }

        Dialect dialect() {
            return Dialect.of(flavor, version);
        }

        private static PortLayout layout(
                Flavor flavor, String version, Shape shape, List<String> profiles, Set<String> extras) {
            LayoutFamily family = Layouts.known().of(flavor, version);
            return shape == Shape.WIDE ? family.wide(extras) : family.dense(profiles.size(), extras);
        }
    }

    private static Case wide() {
        return wide(Flavor.OPENCLAW, "2026.9.6");
    }

    private static Case wide(Flavor flavor, String version) {
        return new Case(flavor, version, Shape.WIDE, BASE, GatewayConfig.profiles(flavor, 1), Set.of());
    }

    private static Case dense(String... profiles) {
        return dense(Flavor.OPENCLAW, "2026.9.6", profiles);
    }

    private static Case dense(Flavor flavor, String version, String... profiles) {
        return new Case(flavor, version, Shape.DENSE, BASE, List.of(profiles), Set.of());
    }

    private Merged merge(@Nullable String user, Case asked, Written before) {
        PortLayout layout = asked.layout();
        Lease lease = new Lease(
                new InstanceKey(new HostId("here"), new InstanceId("main")),
                new Incarnation(1),
                asked.base(),
                layout.footprint(),
                layout.name(),
                1,
                LeaseState.CONFIRMED);
        LayoutFamily family = Layouts.known().of(asked.flavor(), asked.version());
        Map<String, Integer> extras = new java.util.TreeMap<>();
        layout.extras().forEach((plugin, offset) -> {
            var extra = family.extras().get(plugin);
            if (extra != null && extra.configKey() != null) {
                extras.put(extra.configKey(), asked.base() + offset);
            }
        });
        return ConfigMerge.merge(
                asked.dialect().configFile(),
                user,
                new Wanted(
                        asked.dialect(),
                        lease,
                        layout,
                        asked.shape(),
                        asked.profiles(),
                        extras,
                        token,
                        Path.of("/i/workspace"),
                        Path.of("/i/logs/gateway.log"),
                        Path.of("/usr/bin/chromium"),
                        true),
                before);
    }

    private static String text(Merged merged) {
        String text = merged.text();
        assertThat(text).isNotNull();
        return text;
    }

    private static Map<String, String> values(Merged merged) {
        Map<String, String> values = new java.util.TreeMap<>();
        collect("", Json5Text.parse("merged", text(merged)), List.of(), values);
        return values;
    }

    private static void collect(String prefix, Json5Text document, List<String> path, Map<String, String> values) {
        for (String name : document.names(path)) {
            List<String> deeper = new java.util.ArrayList<>(path);
            deeper.add(name);
            document.scalar(deeper).map(JsonNode::asText).ifPresent(value -> values.put(prefix + name, value));
            collect(prefix + name + ".", document, deeper, values);
        }
    }
}
