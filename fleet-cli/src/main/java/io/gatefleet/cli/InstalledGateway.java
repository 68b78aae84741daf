package io.gatefleet.cli;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.Program;

/** Which gateway is installed on this machine. */
final class InstalledGateway {
    private InstalledGateway() {}

    /** OpenClaw where it is installed, else the simulated one, which needs nothing. */
    static Flavor flavor() {
        return Gateways.find(GatewayConfig.of(Flavor.OPENCLAW)).isPresent() ? Flavor.OPENCLAW : Flavor.SIMULATED;
    }

    static Program require(Flavor flavor) {
        return require(GatewayConfig.of(flavor));
    }

    /** @throws CannotGoOn that says how to install it */
    static Program require(GatewayConfig config) {
        Flavor flavor = config.flavor();
        return Gateways.find(config)
                .orElseThrow(() -> new CannotGoOn(
                        Exit.CANNOT_ASK,
                        "%s is not installed here, or not on the PATH with a Node.js that runs it".formatted(flavor),
                        "%s, name its entry script in GATEFLEET_%s, or use --flavor simulated."
                                .formatted(install(flavor), flavor.name())));
    }

    private static String install(Flavor flavor) {
        return switch (flavor) {
            case OPENCLAW, SIMULATED -> "Install it (npm install -g openclaw)";
            // What npm calls the latest, 2026.1.24, lacks a file, and the last one lacks dependencies.
            case CLAWDBOT -> "Install it (bin/install-gateways clawdbot knows how: plain npm does not work)";
            case OMNICLAW -> "Build it from its repository (it is in no package registry)";
        };
    }
}
