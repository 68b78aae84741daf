package io.gatefleet.cli;

import io.gatefleet.cli.fleet.InstanceHomes;
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
import java.util.List;
import java.util.Optional;
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
        List<InstanceId> known = InstanceHomes.in(home.path());
        if (known.isEmpty()) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "there is no instance in %s".formatted(home.path()),
                    "Start some with ./gatefleet up, or name the fleet's directory with --home or GATEFLEET_HOME.");
        }
        if (!known.contains(instance)) {
            String names =
                    String.join(", ", known.stream().map(InstanceId::value).toList());
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    "instance: %s (expected: one of %s, those in %s)".formatted(instance, names, home.path()),
                    "A new one comes with ./gatefleet up --instances %s,%s"
                            .formatted(names.replace(" ", ""), instance));
        }
        Flavor wanted = flavor != null ? flavor : lastFlavor(its).orElseGet(InstalledGateway::flavor);
        GatewayConfig config = GatewayConfig.of(wanted);
        Program program = flavor == null
                ? Gateways.last(its).orElseGet(() -> InstalledGateway.require(wanted))
                : InstalledGateway.require(wanted);
        return Gateways.cli(config, program, its);
    }

    private static Optional<Flavor> lastFlavor(InstanceHome home) throws IOException {
        return NodeTruth.read(home).map(NodeTruth::layout).flatMap(layout -> Layouts.known().families().stream()
                .filter(family -> layout.name().startsWith(family.name() + "-"))
                .map(LayoutFamily::flavor)
                .findFirst());
    }
}
