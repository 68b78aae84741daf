package io.gatefleet.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.PortLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramsTest {
    @Test
    void anInstalledGatewayIsFoundThroughTheLinkThatNpmMakes(@TempDir Path directory) throws IOException {
        Path entry = install(directory, "openclaw", "2026.9.6");
        Path link = Files.createSymbolicLink(directory.resolve("openclaw"), entry);

        Program program = Gateways.find(config(link, entry)).orElseThrow();

        assertThat(program.version()).isEqualTo("2026.9.6");
        assertThat(program.command())
                .containsExactly(entry.toString(), entry.toRealPath().toString());
    }

    @Test
    void aScriptThatBelongsToNoSuchPackageIsRefusedByName(@TempDir Path directory) throws IOException {
        Path entry = install(directory, "something-else", "1.0.0");

        assertThatThrownBy(() -> Gateways.find(config(entry, entry)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(entry.toString())
                .hasMessageContaining("openclaw");
    }

    @Test
    void whatTheOperatorNamesMustBeThere(@TempDir Path directory) {
        Path nothing = directory.resolve("nothing.mjs");

        assertThatThrownBy(() -> Gateways.find(config(nothing, nothing)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("GATEFLEET_OPENCLAW: " + nothing);
    }

    @Test
    void aVersionWhosePortsNobodyMeasuredIsNotStarted(@TempDir Path directory) throws IOException {
        Path entry = install(directory, "openclaw", "2025.12.1");
        GatewayConfig config = config(entry, entry);
        Program program = Gateways.find(config).orElseThrow();

        assertThatThrownBy(() -> Gateways.layout(config, program))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("2025.12.1");
    }

    @Test
    void anotherVersionThanTheInstalledOneIsNotTakenForIt(@TempDir Path directory) throws IOException {
        Path entry = install(directory, "openclaw", "2026.9.6");

        assertThat(Gateways.find(config(entry, entry).version("2026.9.6"))).isPresent();
        assertThatThrownBy(() -> Gateways.find(config(entry, entry).version("2026.3.2")))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("version: 2026.3.2 (expected: 2026.9.6, which " + entry.toRealPath() + " is;")
                .hasMessageContaining("GATEFLEET_OPENCLAW_2026_3_2");
    }

    @ParameterizedTest
    @CsvSource({
        "openclaw, 2026.3.2,    GATEFLEET_OPENCLAW_2026_3_2",
        "clawdbot, 2026.1.24-3, GATEFLEET_CLAWDBOT_2026_1_24_3"
    })
    void oneOfSeveralInstalledVersionsHasAVariableOfItsOwn(String flavor, String version, String variable) {
        assertThat(Programs.variable(Flavor.parse(flavor), version)).isEqualTo(variable);
    }

    @Test
    void theSimulatedOneIsAlwaysThere() {
        Program program = Gateways.find(GatewayConfig.of(Flavor.SIMULATED)).orElseThrow();

        assertThat(program.version()).isEqualTo("2026.9.6");
        assertThat(Gateways.layout(GatewayConfig.of(Flavor.SIMULATED), program)
                        .footprint()
                        .size())
                .isEqualTo(111);
    }

    private static Path install(Path directory, String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve("lib/node_modules/" + name));
        Files.writeString(home.resolve("package.json"), "{\"name\":\"" + name + "\",\"version\":\"" + version + "\"}");
        return Files.writeString(home.resolve(name + ".mjs"), "");
    }

    private static GatewayConfig config(Path program, Path node) {
        return new GatewayConfig(
                Flavor.OPENCLAW,
                null,
                PortLayout.Shape.WIDE,
                List.of("openclaw"),
                Set.of(),
                program,
                node,
                null,
                Set.of(),
                GatewayConfig.Times.defaults());
    }
}
