package io.gatefleet.cli;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.node.NodeTruth;
import io.gatefleet.node.gateway.Cli;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An instance of this machine whose gateway's own command line is wanted. No fleet need run. */
final class InstanceChoice {
    @Mixin
    private Home home = new Home();

    @Option(
            names = "--flavor",
            description = "The gateway's family. Default: the one that the instance ran last, else as `up` chooses.")
    private @Nullable Flavor flavor;

    /** @throws CannotGoOn if there is no such instance, or its gateway is not installed */
    Cli cli(InstanceId instance) throws IOException {
        InstanceHome its = InstanceHome.of(home.path(), instance);
        List<String> known = instances();
        if (known.isEmpty()) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "there is no instance in %s".formatted(home.path()),
                    "Start some with ./gatefleet up, or name the fleet's directory with --home or GATEFLEET_HOME.");
        }
        if (!known.contains(instance.value())) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "instance: %s (expected: one of %s, those in %s)"
                            .formatted(instance, String.join(", ", known), home.path()),
                    "A new one comes with ./gatefleet up --instances %s,%s"
                            .formatted(String.join(",", known), instance));
        }
        Flavor wanted = flavor != null ? flavor : lastFlavor(its).orElseGet(InstalledGateway::flavor);
        GatewayConfig config = GatewayConfig.of(wanted);
        Program program = flavor == null
                ? Gateways.last(its).orElseGet(() -> InstalledGateway.require(wanted))
                : InstalledGateway.require(wanted);
        return Gateways.cli(config, program, its);
    }

    private List<String> instances() throws IOException {
        Path instances = home.path().resolve("instances");
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(instances)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Flavor> lastFlavor(InstanceHome home) throws IOException {
        return NodeTruth.read(home).map(NodeTruth::layout).flatMap(layout -> Layouts.known().families().stream()
                .filter(family -> layout.name().startsWith(family.name() + "-"))
                .map(LayoutFamily::flavor)
                .findFirst());
    }
}
