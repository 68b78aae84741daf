package io.gatefleet.node.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.simulated.SimulatedGateway;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what is installed: gateways, Node.js, browsers. By what the operator says, by GATEFLEET_ variables, on the PATH. */
final class Programs {
    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private Programs() {}

    /** @throws BadInput where the operator, or a variable, names something that is not there */
    static Optional<Program> find(GatewayConfig config) {
        return config.flavor() == Flavor.SIMULATED ? Optional.of(simulated(config.version())) : nodeProgram(config);
    }

    /** The classes that this build brings along. */
    private static Program simulated(@Nullable String version) {
        return new Program(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-cp",
                        placeOf(SimulatedGateway.class).toString(),
                        SimulatedGateway.class.getName()),
                version == null ? SimulatedGateway.VERSION : version);
    }

    /** The jar or directory of a class: it needs no other. */
    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("a class path entry is a path", impossible);
        }
    }

    private static Optional<Program> nodeProgram(GatewayConfig config) {
        String flavor = config.flavor().toString();
        String variable = variable(config.flavor());
        String wanted = config.version();
        Optional<Path> script = config.program() == null && wanted != null
                ? named(variable(config.flavor(), wanted), null)
                : Optional.empty();
        script = script.or(() -> named(variable, config.program())).or(() -> onPath(flavor));
        if (script.isEmpty()) {
            return Optional.empty();
        }
        // What npm puts on the PATH is a link to the entry script inside the package.
        Path entry = real(script.get());
        Optional<JsonNode> manifest = manifest(entry, flavor);
        if (manifest.isEmpty()) {
            throw new BadInput(
                    "program",
                    script.get(),
                    "the entry script of an installed " + flavor + ", beside its package.json");
        }
        String version = manifest.get().path("version").asText("");
        if (wanted != null && !wanted.equals(version)) {
            throw new BadInput(
                    "version",
                    wanted,
                    version + ", which " + entry + " is; or " + variable(config.flavor(), wanted)
                            + ", the entry script of an installed " + flavor + " " + wanted);
        }
        Path node = named("GATEFLEET_NODE", config.node())
                .or(() -> onPath("node"))
                .orElseThrow(() -> new BadInput(
                        "node", "not found", "Node.js on the PATH, or GATEFLEET_NODE: " + flavor + " runs on it"));
        return Optional.of(new Program(List.of(node.toString(), entry.toString()), version));
    }

    /** Which variable names the entry script of a flavor. */
    static String variable(Flavor flavor) {
        return "GATEFLEET_" + flavor.name();
    }

    /** And of one of several versions that are installed. */
    static String variable(Flavor flavor, String version) {
        return variable(flavor) + "_" + version.toUpperCase(Locale.ROOT).replaceAll("[^0-9A-Z]", "_");
    }

    /** The package that an entry script belongs to: in its directory or one above. */
    private static Optional<JsonNode> manifest(Path entry, String name) {
        for (Path directory = entry.getParent(); directory != null; directory = directory.getParent()) {
            Path file = directory.resolve("package.json");
            try {
                if (Files.isRegularFile(file)) {
                    JsonNode manifest = Wire.LENIENT.mapper().readTree(Files.readAllBytes(file));
                    return manifest.path("name").asText("").equals(name) ? Optional.of(manifest) : Optional.empty();
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(file.toString(), unreadable);
            }
        }
        return Optional.empty();
    }

    /** @return null where there is none: the gateway looks for one itself, and needs none until somebody browses */
    static @Nullable Path chromium(@Nullable Path said) {
        Optional<Path> found = named("GATEFLEET_CHROMIUM", said);
        for (String name : BROWSERS) {
            found = found.or(() -> onPath(name));
        }
        return found.orElse(null);
    }

    private static Optional<Path> named(String variable, @Nullable Path said) {
        Map<String, String> environment = System.getenv();
        String value = said != null ? said.toString() : environment.getOrDefault(variable, "");
        if (value.isBlank()) {
            return Optional.empty();
        }
        Path path = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw new BadInput(variable, value, "a file");
        }
        return Optional.of(path);
    }

    private static Optional<Path> onPath(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory, name).toAbsolutePath();
            if (!directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(path.toString(), unreadable);
        }
    }
}
