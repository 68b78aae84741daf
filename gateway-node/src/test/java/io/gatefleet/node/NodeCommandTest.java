package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.lease.RetryTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class NodeCommandTest {
    private static final GatewayConfig.Times USUAL = GatewayConfig.Times.defaults();

    @TempDir
    private Path home = Path.of("");

    private NodeConfig config() {
        GatewayConfig.Times times = new GatewayConfig.Times(
                Duration.ofSeconds(7),
                USUAL.reap(),
                USUAL.probeStarting(),
                USUAL.probeRunning(),
                USUAL.probeTimeout(),
                USUAL.firstBackoff(),
                USUAL.longestBackoff(),
                USUAL.breakerPause(),
                USUAL.breakerWindow());
        return new NodeConfig(
                home,
                new HostId("mill.example"),
                new InstanceId("acme-1"),
                new GatewayConfig(
                        Flavor.OPENCLAW,
                        "2026.9.6",
                        PortLayout.Shape.DENSE,
                        List.of("openclaw", "work"),
                        Set.of("msteams", "signal"),
                        Path.of("/opt/openclaw/openclaw.mjs"),
                        Path.of("/opt/node"),
                        Path.of("/usr/bin/chromium"),
                        Set.of("PROVIDER_KEY"),
                        times),
                List.of(URI.create("http://10.0.0.1:7800"), URI.create("https://registry.example")),
                "10.0.0.9",
                Map.of("team", "red", "tier", "a=b"),
                RetryTimes.defaults(250L),
                NodeConfig.Times.defaults());
    }

    @Test
    void aNodeUnderstandsTheCommandAsItWasMeant() throws IOException {
        NodeCommand command = NodeCommand.of(config(), Path.of("/usr/bin/java"), "a.jar:b.jar", Map.of());
        int main = command.argv().indexOf(NodeMain.class.getName());
        NodeMain node = new NodeMain();
        new CommandLine(node)
                .parseArgs(
                        command.argv().subList(main + 1, command.argv().size()).toArray(String[]::new));

        assertThat(node.config()).isEqualTo(config());
    }

    @Test
    void whatIsNotDecidedIsLeftToTheNode() throws IOException {
        NodeConfig few = new NodeConfig(
                home,
                new HostId("mill"),
                new InstanceId("main"),
                GatewayConfig.of(Flavor.CLAWDBOT),
                List.of(URI.create("http://127.0.0.1:7800")),
                null,
                Map.of(),
                RetryTimes.defaults(null),
                NodeConfig.Times.defaults());
        NodeCommand command = NodeCommand.of(few, Path.of("/usr/bin/java"), "a.jar", Map.of());
        int main = command.argv().indexOf(NodeMain.class.getName());
        NodeMain node = new NodeMain();
        new CommandLine(node)
                .parseArgs(
                        command.argv().subList(main + 1, command.argv().size()).toArray(String[]::new));

        assertThat(node.config()).isEqualTo(few);
    }

    @Test
    void aNodeHasItsOwnSessionAndNoFlagsFromElsewhere() {
        NodeCommand command = NodeCommand.of(
                config(),
                Path.of("/usr/bin/java"),
                "a.jar",
                Map.of(
                        "PATH", "/usr/bin",
                        "PROVIDER_KEY", "s3cret",
                        "JAVA_TOOL_OPTIONS", "-Djava.net.preferIPv4Stack=true",
                        "JDK_JAVA_OPTIONS", "-Xmx8g",
                        "_JAVA_OPTIONS", "-Xmx8g"));

        assertThat(command.argv()).startsWith("setsid", "/usr/bin/java", "-Xms8m", "-Xmx48m");
        assertThat(command.argv()).noneMatch(word -> word.contains("preferIPv4Stack"));
        assertThat(command.environment())
                .containsOnly(
                        Map.entry("PATH", "/usr/bin"),
                        Map.entry("PROVIDER_KEY", "s3cret"),
                        Map.entry("MALLOC_ARENA_MAX", "2"));
        assertThat(command.builder().environment()).isEqualTo(command.environment());
        assertThat(command.toString()).contains("PROVIDER_KEY").doesNotContain("s3cret");
        assertThat(command.argv()).noneMatch(word -> word.contains("s3cret"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "--instance, Main,              instance",
        "--instance, -main,             instance",
        "--host,     Mill_1,            host",
        "--flavor,   clawbot,           flavor",
        "--layout,   narrow,            layout",
        "--profiles, Work,              profiles",
        "--pass,     A-B,               passed",
        "--registry, 127.0.0.1:7800,    registry",
        "--registry, ftp://127.0.0.1,   registry",
        "--registry, http://u:p@host,   registry",
        "--registry, http://host/?a=b,  registry",
        "--drain,    0,                 drain",
        "--drain,    never,             --drain",
        "--beat,     -1,                retryTimes",
        "--frob,     1,                 --frob"
    })
    void whatCannotBeUsedIsNamed(String option, String value, String named) {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream stderr = System.err;
        StringWriter said = new StringWriter();
        int code;
        try {
            System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
            code = new CommandLine(new NodeMain())
                    .setErr(new PrintWriter(said, true))
                    .execute("--home", home.toString(), option, value);
        } finally {
            System.setErr(stderr);
        }

        assertThat(code).isEqualTo(NodeExit.USAGE);
        assertThat(said.toString() + logged.toString(StandardCharsets.UTF_8)).contains(named, value);
    }

    @Test
    void theHostNameIsMadeALowerCaseOne() {
        assertThat(HostName.of("Mill.Example")).isEqualTo(new HostId("mill.example"));
        assertThatThrownBy(() -> HostName.of("mill_1")).hasMessageContainingAll("mill_1", "--host");
    }
}
