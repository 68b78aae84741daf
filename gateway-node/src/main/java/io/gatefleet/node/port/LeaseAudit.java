package io.gatefleet.node.port;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel.Held;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** Compares who listens with who may: while a gateway runs, in both directions. */
public final class LeaseAudit {
    private LeaseAudit() {}

    /**
     * Reads the kernel's tables: run it on a worker.
     *
     * @param gatewayPids the gateway's processes
     * @param nodeOwn ports inside the lease where the node itself listens
     * @throws UncheckedIOException if {@code /proc} cannot be read
     */
    public static Result of(PortSet lease, Set<Integer> gatewayPids, PortSet nodeOwn) {
        try {
            PortSet guards = Kernel.guards();
            PortRange ephemeral = Kernel.ephemeral();
            List<Listener> outside = Kernel.listeningOf(gatewayPids).stream()
                    .filter(held -> !lease.contains(held.socket().port()))
                    // Gateways talk to their own helpers on 127.0.0.1:0, a port that the kernel chooses. Nobody leases
                    // those.
                    .filter(held -> !(held.socket().loopback()
                            && ephemeral.contains(held.socket().port())))
                    .map(held -> held.listener(guards))
                    .distinct()
                    .toList();
            PortSet watched = lease.minus(nodeOwn);
            List<Listener> strangers = Kernel.listening(watched::contains, gatewayPids).stream()
                    .filter(held -> !belongs(held, gatewayPids))
                    .map(held -> held.listener(guards))
                    .distinct()
                    .toList();
            return new Result(outside, strangers);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the kernel's tables cannot be read", unreadable);
        }
    }

    private static boolean belongs(Held held, Set<Integer> gatewayPids) {
        Integer pid = held.pid();
        return pid != null
                && (gatewayPids.contains(pid)
                        || pid == ProcessHandle.current().pid()
                        || Kernel.descends(pid, gatewayPids));
    }

    /**
     * What is wrong; both lists are empty where nothing is.
     *
     * @param outside the gateway listens there, and it is not in its lease. Loopback ports that the kernel chose are fine
     * @param strangers they listen inside the lease, and are neither the gateway nor its node
     */
    public record Result(List<Listener> outside, List<Listener> strangers) {
        public Result {
            outside = List.copyOf(outside);
            strangers = List.copyOf(strangers);
        }

        public boolean clean() {
            return outside.isEmpty() && strangers.isEmpty();
        }
    }
}
