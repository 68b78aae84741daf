package io.gatefleet.node.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway of OpenClaw's family: OpenClaw itself, Clawdbot, OmniClaw, and the simulated one. What differs between them is
 * their {@link Dialect}.
 */
final class FamilyGateway implements GatewayAdapter {
    private static final Path SELF = Path.of("/proc/self");
    private static final int SHORTEST_SECRET = 8;

    private final GatewayConfig config;
    private final Program program;
    private final PortLayout layout;
    private final InstanceHome home;
    private final Dialect dialect;

    FamilyGateway(GatewayConfig config, Program program, PortLayout layout, InstanceHome home) {
        this.config = config;
        this.program = program;
        this.layout = layout;
        this.home = home;
        this.dialect = Dialect.of(config.flavor(), program.version());
        LaunchEnvironment.check(config.passed());
    }

    @Override
    public ProcessSpec prepare(Lease lease) throws IOException {
        if (!lease.footprint().equals(layout.footprint())) {
            throw new BadInput("lease.footprint", lease.footprint(), layout.footprint() + " of " + layout.name());
        }
        home.create();
        program.keep(home.program());
        Token token = Token.keep(home.token());
        configure(lease, token);
        List<String> command = new ArrayList<>(program.command());
        command.addAll(dialect.run());
        Map<String, String> environment = environment(lease.base());
        environment.put(dialect.tokenVariable(), token.reveal());
        environment.putAll(dialect.whileItRuns());
        environment.put(LaunchEnvironment.MARK, home.root().toString());
        return new ProcessSpec(command, environment, home.gateway());
    }

    private void configure(Lease lease, Token token) throws IOException {
        Path file = home.config(dialect.configFile());
        // One for each family: an instance that goes back to an earlier one finds that one's file as it was left.
        Path record = home.root().resolve("written-" + dialect.configFile());
        String user = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : null;
        ConfigMerge.Merged merged = ConfigMerge.merge(
                dialect.configFile(),
                user,
                new ConfigMerge.Wanted(
                        dialect,
                        lease,
                        layout,
                        shape(),
                        config.profiles(),
                        extras(lease),
                        token,
                        home.workspace(),
                        home.logs().resolve("gateway.log"),
                        config.flavor() == Flavor.SIMULATED ? null : Programs.chromium(config.chromium()),
                        runsAsRoot()),
                written(record));
        // First what was written, then the writing: a crash in between makes Gatefleet know a value
        // that is not there yet, not take its own value for the user's.
        PrivateFile.replace(record, Wire.LENIENT.write(merged.written()).toString(StandardCharsets.UTF_8));
        if (merged.text() != null) {
            PrivateFile.replace(file, merged.text());
        } else {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Of the lease in hand: an adopted gateway may stand on one of another shape than what is wanted now. */
    private PortLayout.Shape shape() {
        return layout.name().endsWith("-" + PortLayout.Shape.DENSE) ? PortLayout.Shape.DENSE : PortLayout.Shape.WIDE;
    }

    private static ConfigMerge.Written written(Path record) throws IOException {
        if (!Files.exists(record)) {
            return ConfigMerge.Written.NOTHING;
        }
        JsonNode read = Wire.LENIENT.mapper().readTree(Files.readAllBytes(record));
        Map<String, JsonNode> values = new LinkedHashMap<>();
        read.path("values").properties().forEach(value -> values.put(value.getKey(), value.getValue()));
        return new ConfigMerge.Written(read.path("base").asInt(0), values);
    }

    /** Where each plugin's own port is said in the configuration, and the leased port. */
    private Map<String, Integer> extras(Lease lease) {
        LayoutFamily family = Layouts.known().of(config.flavor(), program.version());
        Map<String, Integer> ports = new LinkedHashMap<>();
        layout.extras().forEach((plugin, offset) -> {
            LayoutFamily.Extra extra = family.extras().get(plugin);
            if (extra != null && extra.configKey() != null) {
                ports.put(extra.configKey(), lease.base() + offset);
            }
        });
        return ports;
    }

    /** What the running gateway and its command line share; no secret. */
    private Map<String, String> environment(int base) {
        Map<String, String> environment = LaunchEnvironment.of(System.getenv(), config.passed(), home);
        environment.putAll(dialect.environment(home, base));
        return environment;
    }

    private static boolean runsAsRoot() throws IOException {
        return Files.getAttribute(SELF, "unix:uid").equals(0);
    }

    @Override
    public String version() {
        return program.version();
    }

    @Override
    public String breakerLine() {
        return "restart-loop breaker tripped";
    }

    @Override
    public String secret() throws IOException {
        return Token.find(home.token()).map(Token::reveal).orElse("");
    }

    /** Short values of passed variables are words such as {@code true}: to take them out would tell more than it hides. */
    @Override
    public List<String> secrets() throws IOException {
        List<String> secrets = new ArrayList<>(List.of(secret()));
        for (String variable : config.passed()) {
            String value = System.getenv(variable);
            if (value != null && value.length() >= SHORTEST_SECRET) {
                secrets.add(value);
            }
        }
        return secrets;
    }

    @Override
    public Cli cli() {
        return new CommandLine();
    }

    private final class CommandLine implements Cli {
        @Override
        public ProcessSpec exec(List<String> args) {
            Map<String, String> environment = environment();
            environment.putAll(secrets());
            List<String> command = new ArrayList<>(program.command());
            command.addAll(args);
            return new ProcessSpec(command, environment, home.gateway());
        }

        @Override
        public Map<String, String> environment() {
            return FamilyGateway.this.environment(base());
        }

        @Override
        public Map<String, String> secrets() {
            try {
                return Map.of(dialect.tokenVariable(), secret());
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        @Override
        public Path tokenFile() {
            return home.token();
        }

        /** Where the instance stands or stood last. Without it a command could reach another instance's gateway. */
        private int base() {
            try {
                return GatewayRecord.read(home.gatewayFile())
                        .map(GatewayRecord::base)
                        .orElseThrow(() -> new BadInput(
                                "instance",
                                home.root().getFileName(),
                                "one that was started once: only then it has ports, state and a token of its own"));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
