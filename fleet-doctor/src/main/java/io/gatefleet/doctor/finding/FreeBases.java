package io.gatefleet.doctor.finding;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.port.BasePort;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where gateways that must move could go: each gets 111 ports that nothing known touches. */
final class FreeBases {
    /** Below Linux' default range of outgoing ports, and with few well-known ports. */
    static final PortRange POOL = new PortRange(BasePort.DEFAULT, 32_767);

    /** kube-proxy's default; it is NAT, and no socket shows it. */
    static final PortRange NODE_PORTS = new PortRange(30_000, 32_767);

    private static final int WIDTH = 111;

    private final BitSet taken = new BitSet();
    private final List<Subject> subjects;
    private final Map<String, OptionalInt> suggested = new LinkedHashMap<>();

    FreeBases(HostFacts facts, List<Subject> subjects) {
        this.subjects = subjects;
        facts.listeners().stream()
                .filter(listener -> subjects.stream()
                        .noneMatch(subject -> subject.gateway().listeners().contains(listener)))
                .map(Listener::port)
                .forEach(taken::set);
        take(taken, facts.guards());
        take(taken, facts.reserved());
        take(taken, PortSet.of(facts.ephemeral()));
        if (facts.nodePorts()) {
            take(taken, PortSet.of(NODE_PORTS));
        }
    }

    /** The same base whenever the same gateway is asked for, and no other gateway's; empty: no room. */
    OptionalInt forGateway(Subject mover) {
        return suggested.computeIfAbsent(mover.name(), name -> {
            // What the mover has now is free once it moves.
            BitSet busy = busy(mover);
            int first = busy.nextClearBit(POOL.first());
            while (first + WIDTH - 1 <= POOL.last()) {
                int blocker = busy.nextSetBit(first);
                if (blocker < 0 || blocker >= first + WIDTH) {
                    taken.set(first, first + WIDTH);
                    return OptionalInt.of(first);
                }
                first = busy.nextClearBit(blocker);
            }
            return OptionalInt.empty();
        });
    }

    /** The lowest port from {@code from} up that nothing known touches; it is not given out again. */
    OptionalInt single(int from) {
        int port = busy(null).nextClearBit(from);
        if (port > PortRange.HIGHEST_PORT) {
            return OptionalInt.empty();
        }
        taken.set(port);
        return OptionalInt.of(port);
    }

    private BitSet busy(@Nullable Subject except) {
        BitSet busy = (BitSet) taken.clone();
        for (Subject subject : subjects) {
            if (except == null || !subject.name().equals(except.name())) {
                take(busy, subject.ports().all());
                take(busy, subject.ports().base().reach());
            }
        }
        return busy;
    }

    private static void take(BitSet busy, PortSet ports) {
        busy.or(ports.bits());
    }
}
