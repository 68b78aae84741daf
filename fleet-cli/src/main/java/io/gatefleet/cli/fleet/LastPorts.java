package io.gatefleet.cli.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Optional;

/**
 * The kernel's choice, but the same as last time where it can be: nodes that outlived their {@code up} know its registry
 * by URL, and look for it there.
 */
final class LastPorts {
    private LastPorts() {}

    static FleetPlan.Ports asBefore(FleetPlan plan) {
        Optional<FleetFile> before = FleetFile.read(plan.home());
        FleetPlan.Ports wanted = plan.ports();
        if (before.isEmpty()) {
            return wanted;
        }
        return new FleetPlan.Ports(
                asBefore(wanted.registry(), before.get().registry()),
                asBefore(wanted.allocator(), before.get().allocator()),
                asBefore(wanted.health(), before.get().health()));
    }

    private static int asBefore(int wanted, String before) {
        int port = wanted == 0 ? URI.create(before).getPort() : wanted;
        return wanted == 0 && !isFree(port) ? 0 : port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException | IllegalArgumentException taken) {
            return false;
        }
    }
}
