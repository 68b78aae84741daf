package io.gatefleet.cli;

import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Proof;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.fleet.FleetFile;
import io.gatefleet.contract.host.HostId;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the fleet is that shall be asked: the one that runs in a home, or services named by URL. */
final class Whereabouts {
    @Mixin
    private Home home = new Home();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "${env:GATEFLEET_REGISTRY}",
            description = "The registry, where it is not the home's; also GATEFLEET_REGISTRY.")
    private @Nullable URI registry;

    @Option(
            names = "--allocator",
            paramLabel = "URL",
            defaultValue = "${env:GATEFLEET_ALLOCATOR}",
            description = "The allocator, where it is not the home's; also GATEFLEET_ALLOCATOR.")
    private @Nullable URI allocator;

    @Option(
            names = "--health",
            paramLabel = "URL",
            defaultValue = "${env:GATEFLEET_HEALTH}",
            description = "The health-aggregator, where it is not the home's; also GATEFLEET_HEALTH.")
    private @Nullable URI health;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:GATEFLEET_TOKEN_FILE}",
            description = "Holds your token, where services ask for one; also GATEFLEET_TOKEN_FILE.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            defaultValue = "${env:GATEFLEET_TLS_CA}",
            description = "Who vouches for services at https URLs, in PEM; also GATEFLEET_TLS_CA. Default: whom Java"
                    + " knows.")
    private @Nullable Path authorities;

    FleetClient client() {
        return new FleetClient(this::of, whenNobodyAnswers(), new Proof(tokenFile, authorities));
    }

    /** The host that is meant where none is named: the running fleet's own, else this machine. */
    HostId localHost() {
        return running().map(FleetFile::host).orElseGet(LocalHost::id);
    }

    private URI of(Service service) {
        URI said =
                switch (service) {
                    case REGISTRY -> registry;
                    case ALLOCATOR -> allocator;
                    case HEALTH -> health;
                };
        if (said != null) {
            return said;
        }
        FleetFile fleet = running()
                .orElseThrow(() -> new CannotGoOn(
                        Exit.CANNOT_ASK,
                        "no fleet runs in " + home.path(),
                        "Start it with ./gatefleet up, or say where it is: --home DIR, or --%s URL."
                                .formatted(service)));
        return URI.create(
                switch (service) {
                    case REGISTRY -> fleet.registry();
                    case ALLOCATOR -> fleet.allocator();
                    case HEALTH -> fleet.health();
                });
    }

    private Optional<FleetFile> running() {
        return FleetFile.read(home.path());
    }

    private String whenNobodyAnswers() {
        Path path = home.path();
        return FleetFile.read(path)
                .filter(fleet -> !fleet.alive())
                .map(fleet -> ("The fleet in %s was run by pid %d, which is gone. Start it with ./gatefleet up:"
                                + " gateways that still live are found and keep their ports.")
                        .formatted(path, fleet.pid()))
                .orElse("Is it up? Start a fleet on this machine with ./gatefleet up.");
    }
}
