package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DialectTest {
    private static final InstanceHome HOME = new InstanceHome(Path.of("/fleet/instances/main"));

    /** Of whoever starts a fleet from a shell in which a gateway was tried by hand. */
    private static final Map<String, String> STRANGERS = Map.of(
            "HOME", "/home/someone", // with a ~/.clawdbot, which OmniClaw would adopt
            "CLAWDBOT_GATEWAY_PORT", "26600",
            "CLAWDBOT_STATE_DIR", "/home/someone/.clawdbot",
            "CLAWDBOT_CONFIG_PATH", "/home/someone/.clawdbot/clawdbot.json",
            "OPENCLAW_GATEWAY_PORT", "18789",
            "OPENCLAW_STATE_DIR", "/home/someone/.openclaw",
            "OMNICLAW_STATE_DIR", "/home/someone/.omniclaw",
            "NODE_OPTIONS", "--require /home/someone/x.js");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            openclaw  | 2026.9.6    | openclaw.json | gateway run | HOME NO_AUTO_UPDATE | CONFIG_READONLY
            openclaw  | 2026.3.2    | openclaw.json | gateway run | HOME NO_AUTO_UPDATE | -
            openclaw  | 2026.2.1    | openclaw.json | gateway run | -                   | -
            clawdbot  | 2026.1.24-3 | clawdbot.json | gateway     | -                   | -
            omniclaw  | 2026.2.1    | omniclaw.json | gateway     | -                   | -
            simulated | 2026.9.6    | simulated.json | gateway run | HOME NO_AUTO_UPDATE | CONFIG_READONLY
            """)
    void everyLineGetsItsOwnWordsAndNoSwitchThatItDoesNotKnow(
            String flavor, String version, String file, String run, String switches, String whileItRuns) {
        Dialect dialect = Dialect.of(Flavor.parse(flavor), version);
        String prefix = dialect.prefix();
        Map<String, String> environment = dialect.environment(HOME, 20_000);

        assertThat(dialect.configFile()).isEqualTo(file);
        assertThat(String.join(" ", dialect.run())).isEqualTo(run);
        assertThat(environment)
                .containsEntry(prefix + "STATE_DIR", "/fleet/instances/main/gateway/state")
                .containsEntry(prefix + "CONFIG_PATH", "/fleet/instances/main/gateway/" + file)
                .containsEntry(prefix + "GATEWAY_PORT", "20000")
                .containsEntry(prefix + "DISABLE_BONJOUR", "1")
                .containsEntry(prefix + "NO_RESPAWN", "1");
        assertThat(environment.keySet().stream()
                        .filter(name -> name.matches(prefix + "(HOME|NO_AUTO_UPDATE)"))
                        .map(name -> name.substring(prefix.length())))
                .containsExactlyInAnyOrderElementsOf(switches.equals("-") ? Set.of() : Set.of(switches.split(" ")));
        assertThat(dialect.whileItRuns().keySet().stream().map(name -> name.substring(prefix.length())))
                .containsExactlyElementsOf(whileItRuns.equals("-") ? Set.of() : Set.of(whileItRuns));
        assertThat(dialect.tokenVariable()).isEqualTo(prefix + "GATEWAY_TOKEN");
    }

    @ParameterizedTest
    @EnumSource(Flavor.class)
    void nothingOfAnotherGatewaysReachesIt(Flavor flavor) {
        Dialect dialect = Dialect.of(flavor, "2026.2.1");
        Map<String, String> environment = new TreeMap<>(LaunchEnvironment.of(STRANGERS, Set.of(), HOME));
        environment.putAll(dialect.environment(HOME, 20_000));

        assertThat(environment.keySet())
                .filteredOn(name -> Arrays.stream(Flavor.values()).anyMatch(other -> name.startsWith(prefix(other))))
                .isNotEmpty()
                .allMatch(name -> name.startsWith(dialect.prefix()));
        assertThat(environment.values()).noneMatch(value -> value.contains("/home/someone") || value.equals("26600"));
        assertThat(environment)
                .containsEntry("HOME", "/fleet/instances/main/gateway/home")
                .containsEntry("TMPDIR", "/fleet/instances/main/gateway/tmp");
    }

    private static String prefix(Flavor flavor) {
        return Dialect.of(flavor, "2026.2.1").prefix();
    }

    @Test
    void aRelayThatIsNotPinnedStandsWhereTheDenseLayoutHasIt() {
        for (LayoutFamily family : Layouts.known().families()) {
            String from = family.from() == null ? "2026.1.1" : family.from();
            if (Dialect.of(family.flavor(), from).relay() == Dialect.Relay.DERIVED) {
                Map<String, Integer> dense = family.dense(2, Set.of()).offsets();
                assertThat(dense).containsEntry("control", 2).containsEntry("relay", 3);
            }
        }
        assertThat(Dialect.of(Flavor.OPENCLAW, "2026.3.2").relay()).isEqualTo(Dialect.Relay.DERIVED);
    }
}
