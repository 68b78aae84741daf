package io.gatefleet.faults.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.faults.Place;
import io.gatefleet.node.NodeCommand;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.RetryTimes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A whole gateway-node as users run it, with a simulated gateway that outlives it. */
final class GatewayNode {
    private final InstanceKey key;
    private final InstanceHome home;
    private final Child process;

    /** Starts nothing. */
    GatewayNode(String name, String host, Place place, Path fleet, List<URI> registries) {
        this.key = new InstanceKey(new HostId(host), new InstanceId(name));
        this.home = InstanceHome.of(fleet, key.instance());
        NodeConfig config = new NodeConfig(
                fleet,
                key.host(),
                key.instance(),
                GatewayConfig.of(Flavor.SIMULATED),
                registries,
                null,
                Map.of(),
                RetryTimes.defaults(null),
                NodeConfig.Times.defaults());
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(NodeCommand.of(config).argv());
        this.process = new Child(name, command, fleet.resolve(name + ".log"), line -> {});
    }

    InstanceKey key() {
        return key;
    }

    Child process() {
        return process;
    }

    /** What the node wrote down of its gateway: its pid; 0 while there is none. */
    long gatewayPid() throws IOException {
        return written().path("pid").asLong();
    }

    /** And where it stands. */
    int base() throws IOException {
        return written().path("base").asInt();
    }

    private JsonNode written() throws IOException {
        return Wire.LENIENT
                .mapper()
                .readTree(
                        Files.exists(home.gatewayFile())
                                ? Files.readAllBytes(home.gatewayFile())
                                : new byte[] {'{', '}'});
    }
}
