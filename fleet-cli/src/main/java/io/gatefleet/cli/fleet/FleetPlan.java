package io.gatefleet.cli.fleet;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What {@code gatefleet up} was asked for.
 *
 * @param home the fleet's directory, absolute
 * @param host what this machine is called in the fleet
 * @param slots at least one, each instance once
 * @param pool ports that can be lent
 * @param ports where the control plane listens, on loopback: nobody has to show a token there
 */
public record FleetPlan(Path home, HostId host, List<Slot> slots, PortSet pool, Ports ports) {
    public FleetPlan {
        slots = List.copyOf(slots);
        List<InstanceId> instances = slots.stream().map(Slot::instance).toList();
        if (instances.isEmpty() || Set.copyOf(instances).size() != instances.size()) {
            throw new BadInput("--instances", instances, "at least one name, each once, for example main,rescue");
        }
        if (pool.isEmpty()) {
            throw new BadInput("--pool", "", "FIRST-LAST, for example 18789-32767");
        }
        int span = slots.stream()
                .mapToInt(slot -> slot.layout().footprint().span())
                .max()
                .orElseThrow();
        if (pool.ranges().stream().noneMatch(range -> range.width() >= span)) {
            throw new BadInput("--pool", pool, "room for a gateway of " + span + " ports");
        }
        // Its own port is an open door into a range that a gateway shall have for itself.
        checkOutside("--registry-port", ports.registry(), pool);
        checkOutside("--allocator-port", ports.allocator(), pool);
        checkOutside("--health-port", ports.health(), pool);
    }

    private static void checkOutside(String option, int port, PortSet pool) {
        if (pool.contains(port)) {
            throw new BadInput(option, port, "a port outside the pool " + pool);
        }
    }

    /** With other ports for the control plane. */
    FleetPlan on(Ports other) {
        return new FleetPlan(home, host, slots, pool, other);
    }

    List<InstanceId> instances() {
        return slots.stream().map(Slot::instance).toList();
    }

    /** @throws IllegalArgumentException for an instance that is not planned */
    Slot slot(InstanceId instance) {
        return slots.stream()
                .filter(slot -> slot.instance().equals(instance))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("instance: " + instance + " (expected: " + slots + ")"));
    }

    /**
     * An instance and what runs in it.
     *
     * @param layout where that opens its ports
     */
    public record Slot(InstanceId instance, GatewayConfig gateway, PortLayout layout) {}

    /**
     * Where the services listen, 0 to 65535; 0 for the kernel's choice.
     *
     * @param registry nodes speak with this one
     * @param allocator of the operator's side
     * @param health of the aggregator
     */
    public record Ports(int registry, int allocator, int health) {
        public Ports {
            check("--registry-port", registry);
            check("--allocator-port", allocator);
            check("--health-port", health);
            if ((registry != 0 && (registry == allocator || registry == health))
                    || (allocator != 0 && allocator == health)) {
                throw new BadInput(
                        "--registry-port, --allocator-port, --health-port",
                        registry + ", " + allocator + ", " + health,
                        "three different ports, or 0");
            }
        }

        private static void check(String name, int port) {
            if (port < 0 || port > PortRange.HIGHEST_PORT) {
                throw new BadInput(name, port, "0 to 65535; 0 for the kernel's choice");
            }
        }
    }
}
