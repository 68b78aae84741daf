package io.gatefleet.allocator.lease;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.BitSet;

/** What strangers hold on a host, or may come to hold, as one node's facts have it. */
final class Foreign {
    private Foreign() {}

    /** The ports of strangers. A listener below the pool can reach into it. */
    static PortSet ports(HostFacts facts, LeaseRules rules) {
        BitSet foreign = new BitSet();
        PortSet known = rules.reservedAlone();
        for (Listener listener : facts.listeners()) {
            if (!listener.guarded()) {
                PortRange reach = reach(listener, known);
                foreign.set(reach.first(), reach.last() + 1);
            }
        }
        return PortSet.of(foreign);
    }

    /** What a stranger takes: its port, or as far up as a gateway would reach from there. */
    static PortRange reach(Listener listener, PortSet known) {
        return known.contains(listener.port()) ? new PortRange(listener.port(), listener.port()) : listener.reach();
    }

    /**
     * The ports that the kernel keeps for itself. Where the operator allows the ephemeral range, the ports in it that
     * are reserved from the kernel are exactly those that no outgoing connection can take: they can be lent.
     */
    static PortSet kernel(HostFacts facts, LeaseRules rules) {
        PortSet ephemeral = PortSet.of(facts.ephemeral());
        return rules.allowEphemeral()
                ? facts.reserved().minus(ephemeral)
                : facts.reserved().plus(ephemeral);
    }
}
