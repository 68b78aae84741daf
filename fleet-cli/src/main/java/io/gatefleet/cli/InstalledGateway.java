package io.gatefleet.cli;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.Program;
import java.util.Optional;

/** Which gateway is installed on this machine. */
final class InstalledGateway {
    private InstalledGateway() {}

    static Optional<Program> find(Flavor flavor) {
        return Gateways.find(GatewayConfig.of(flavor));
    }

    /** OpenClaw where it is installed, else the simulated one, which needs nothing. */
    static Flavor flavor() {
        return find(Flavor.OPENCLAW).isPresent() ? Flavor.OPENCLAW : Flavor.SIMULATED;
    }

    /** @throws CannotGoOn that says how to install it */
    static Program require(Flavor flavor) {
        return find(flavor)
                .orElseThrow(() -> new CannotGoOn(
                        Exit.CANNOT_ASK,
                        "%s is not installed here, or not on the PATH with a Node.js that runs it".formatted(flavor),
                        "Install it (npm install -g %s), name its entry script in GATEFLEET_%s, or use --flavor simulated."
                                .formatted(flavor, flavor.name())));
    }
}
