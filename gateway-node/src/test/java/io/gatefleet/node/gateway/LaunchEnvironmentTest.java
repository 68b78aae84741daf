package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchEnvironmentTest {
    private static final InstanceHome HOME = new InstanceHome(Path.of("/fleet/instances/main"));

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            PATH                    | kept | programs are found on it
            LANG                    | kept | how it speaks
            https_proxy             | kept | how it reaches its provider
            NODE_EXTRA_CA_CERTS     | kept | and whom it believes there
            INVOCATION_ID           | gone | says that systemd supervises it: a restart then exits 0 and waits for systemd
            JOURNAL_STREAM          | gone | the same
            SYSTEMD_EXEC_PID        | gone | the same
            OPENCLAW_SYSTEMD_UNIT   | gone | the same
            XPC_SERVICE_NAME        | gone | the same, of launchd
            NOTIFY_SOCKET           | gone | it would speak for the node
            OPENCLAW_STATE_DIR      | gone | another gateway's state; an inherited one wins over --profile
            OPENCLAW_GATEWAY_PORT   | gone | another gateway's port
            CLAWDBOT_GATEWAY_PORT   | gone | OmniClaw falls back to it and moves there
            OPENCLAW_NO_RESPAWN     | gone | set by Gatefleet alone
            NODE_OPTIONS            | gone | runs code inside it
            LD_PRELOAD              | gone | the same
            ANTHROPIC_API_KEY       | gone | whoever started the node did not mean to give it away
            GATEFLEET_HOME          | gone | the node's own
            """)
    void ofTheNodesOwnEnvironmentOnlyTheAllowListIsInherited(String name, String what, String why) {
        Map<String, String> environment = LaunchEnvironment.of(Map.of(name, "inherited"), Set.of(), HOME);

        assertThat("inherited".equals(environment.get(name)) ? "kept" : "gone").isEqualTo(what);
    }

    @Test
    void everyInstanceHasItsOwnPlaces() {
        Map<String, String> environment = LaunchEnvironment.of(
                Map.of("HOME", "/root", "TMPDIR", "/tmp", "XDG_RUNTIME_DIR", "/run/user/0"), Set.of(), HOME);

        assertThat(environment)
                .containsEntry("HOME", "/fleet/instances/main/gateway/home")
                .containsEntry("TMPDIR", "/fleet/instances/main/gateway/tmp")
                .containsEntry("XDG_RUNTIME_DIR", "/fleet/instances/main/gateway/xdg/runtime")
                .containsEntry("XDG_CONFIG_HOME", "/fleet/instances/main/gateway/xdg/config");
        assertThat(environment.values()).doesNotContain("/root", "/tmp", "/run/user/0");
    }

    @Test
    void anOperatorLetsFurtherVariablesThroughByName() {
        assertThat(LaunchEnvironment.of(Map.of("ANTHROPIC_API_KEY", "k"), Set.of("ANTHROPIC_API_KEY"), HOME))
                .containsEntry("ANTHROPIC_API_KEY", "k");
    }

    @ParameterizedTest
    @CsvSource({"INVOCATION_ID", "OPENCLAW_STATE_DIR", "clawdbot_x", "NODE_OPTIONS", "HOME", "XDG_CACHE_HOME"})
    void butNotWhatWouldBreakTheIsolation(String name) {
        assertThatThrownBy(() -> LaunchEnvironment.check(Set.of(name)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(name);
    }

    @Test
    void aPathIsThereWhateverTheNodeHas() {
        assertThat(LaunchEnvironment.of(Map.of(), Set.of(), HOME).get("PATH")).contains("/usr/bin");
    }
}
