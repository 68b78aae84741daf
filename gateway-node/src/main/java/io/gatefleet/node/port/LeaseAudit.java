package io.gatefleet.node.port;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel.Held;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Compares who listens with who may: while a gateway runs, in both directions. */
public final class LeaseAudit {
    private LeaseAudit() {}

    /**
     * Reads the kernel's tables: run it on a worker, and not every second, because that takes 7 to 30 ms.
     *
     * @param gatewayPids the gateway's processes
     * @param nodeOwn ports inside the lease where the node itself listens
     * @throws UncheckedIOException if {@code /proc} cannot be read
     */
    public static Result of(PortSet lease, Set<Integer> gatewayPids, PortSet nodeOwn) {
        try {
            PortSet guards = Kernel.guards();
            PortRange ephemeral = Kernel.ephemeral();
            PortSet watched = lease.minus(nodeOwn);
            List<Listener> outside = new ArrayList<>();
            List<Listener> strangers = new ArrayList<>();
            for (Held held : Kernel.listening(gatewayPids, watched::contains)) {
                int port = held.socket().port();
                if (belongs(held, gatewayPids)) {
                    // Gateways talk to their own helpers on 127.0.0.1:0, a port that
                    // the kernel chooses and nobody leases.
                    boolean ownHelper = held.socket().loopback() && ephemeral.contains(port);
                    if (!lease.contains(port) && !ownHelper) {
                        outside.add(held.listener(guards));
                    }
                } else if (watched.contains(port)) {
                    strangers.add(held.listener(guards));
                }
            }
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
