package io.gatefleet.contract.host;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.List;

/**
 * What a node's kernel says of its host at the moment of a registration. Used for the request that brings them and kept
 * for explanations only: a lying node hurts itself alone.
 *
 * @param portSpace what the host id stands for
 * @param listeners everybody who listens on TCP, at most 4096; without the requesting instance's own gateway
 * @param guards UDP sockets on 127.0.0.1: where guards stand, the requester's own among them
 * @param ephemeral where the kernel takes outgoing ports from, {@code ip_local_port_range}
 * @param reserved {@code ip_local_reserved_ports}
 * @param nodePorts whether kube-proxy runs here: NodePorts are NAT, no socket shows them
 */
public record HostFacts(
        PortSpace portSpace,
        List<Listener> listeners,
        PortSet guards,
        PortRange ephemeral,
        PortSet reserved,
        boolean nodePorts) {
    public static final int MOST_LISTENERS = 4096;

    public HostFacts {
        if (listeners.size() > MOST_LISTENERS) {
            throw new BadInput("facts.listeners", listeners.size() + " entries", "at most " + MOST_LISTENERS);
        }
        listeners = List.copyOf(listeners);
    }

    /** Of a host on which nothing listens, guards or is reserved, with the ephemeral ports that Linux has by default. */
    public static HostFacts bare(PortSpace space) {
        return new HostFacts(space, List.of(), PortSet.EMPTY, new PortRange(32_768, 60_999), PortSet.EMPTY, false);
    }
}
