package io.gatefleet.node.port;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.KernelTables.KernelSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The wall between two gateways of Gatefleet: one UDP socket on 127.0.0.1 for every port of a lease, held for the node's
 * life. UDP and TCP numbers do not disturb each other, so the gateway may open the same ports; but the kernel refuses a
 * second holder in the same network namespace, across users and containers, frees the ports the moment the process is
 * gone (kill -9 too) and keeps them through SIGSTOP.
 *
 * <p>Children must not inherit a guard: it would outlive its node. Start them by {@link ProcessBuilder} alone, which
 * closes every descriptor above 2 in the child.
 */
public final class PortGuard implements AutoCloseable {
    /** Browsers open random UDP sockets for a moment; only what outlasts five tries in one second is somebody's. */
    private static final int TRIES = 5;

    private static final long PAUSE_MILLIS = 200;

    /**
     * Keeps every open guard reachable: the JDK closes a channel that nobody refers to any more, and a guard that a
     * forgotten field gave away would be worse than one that is never closed.
     */
    private static final Set<PortGuard> OPEN = ConcurrentHashMap.newKeySet();

    private final PortSet ports;
    private final List<DatagramChannel> sockets;

    private PortGuard(PortSet ports, List<DatagramChannel> sockets) {
        this.ports = ports;
        this.sockets = List.copyOf(sockets);
        OPEN.add(this);
    }

    /**
     * Takes the guard of all ports or of none. Blocks, up to one second for a port that is busy: run it on a worker.
     *
     * @throws BadInput if {@code ports} is empty
     */
    public static Guarding take(PortSet ports) {
        if (ports.isEmpty()) {
            throw new BadInput("ports", "", "at least one port");
        }
        List<DatagramChannel> taken = new ArrayList<>(ports.size());
        PortGuard guard = null;
        try {
            AddressInUse.prepare();
            // Lowest first, and never past a port that is busy: of several that want overlapping ranges, whoever gets
            // the lowest common port gets the rest as well. In any other order they could block each other.
            for (int port : ports.stream().toArray()) {
                DatagramChannel socket = bind(port);
                Set<KernelSocket> stood = Set.of();
                for (int tries = 1; socket == null && tries < TRIES; tries++) {
                    Thread.sleep(PAUSE_MILLIS);
                    socket = bind(port);
                    if (socket == null && tries == 1) {
                        stood = Set.copyOf(others(from(port, ports)));
                    }
                }
                if (socket == null) {
                    release(taken);
                    return new Guarding.Busy(busy(port, from(port, ports), stood));
                }
                taken.add(socket);
            }
            guard = new PortGuard(ports, taken);
            return new Guarding.Held(guard);
        } catch (IOException trouble) {
            release(taken); // before anything else: without descriptors not even a class can be loaded
            return new Guarding.Unavailable("guarding %d ports (one descriptor each) failed after %d of them: %s"
                    .formatted(ports.size(), taken.size(), trouble.getMessage()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Guarding.Unavailable("interrupted while waiting for a busy port");
        } finally {
            if (guard == null) {
                release(taken);
            }
        }
    }

    /** Null if the port is in use. */
    private static @Nullable DatagramChannel bind(int port) throws IOException {
        // INET, because a dual-stack socket would not show in the kernel's IPv4 table, where guards are looked for.
        DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET);
        boolean bound = false;
        try {
            // Two sockets that both set one of these may share a port. Off is the default, and the guard hangs on it.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, false);
            // Nobody reads here: what strangers send must not pile up in the kernel.
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 1);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            bound = true;
            return socket;
        } catch (BindException failure) {
            if (AddressInUse.is(failure)) {
                return null;
            }
            throw failure;
        } finally {
            if (!bound) {
                release(List.of(socket));
            }
        }
    }

    private static PortSet from(int port, PortSet ports) {
        return ports.and(PortSet.of(new PortRange(port, PortRange.HIGHEST_PORT)));
    }

    /**
     * The port that refused, and the ports after it that would have: those where the same socket stood early in the wait
     * and still stands. They are looked up and not bound, because a bind would get in the way of whoever is winning.
     */
    private static List<BusyPort> busy(int refused, PortSet rest, Set<KernelSocket> stood) {
        Map<Integer, BusyPort> busy = new TreeMap<>();
        busy.put(refused, new BusyPort(refused, BusyPort.Protocol.UDP, null, null));
        List<KernelSocket> still = others(rest).stream()
                .filter(socket -> socket.port() == refused || stood.contains(socket))
                .toList();
        for (Kernel.Held held : Kernel.named(still)) {
            int port = held.socket().port();
            busy.put(port, new BusyPort(port, BusyPort.Protocol.UDP, held.pid(), held.command()));
        }
        return List.copyOf(busy.values());
    }

    private static List<KernelSocket> others(PortSet ports) {
        try {
            return Kernel.againstGuards(ports);
        } catch (IOException unreadable) {
            // A port is busy whether or not its holder has a name.
            return List.of();
        }
    }

    /** What it guards, also after it was closed. */
    public PortSet ports() {
        return ports;
    }

    /** Whether every socket still stands; false after {@link #close}. Cheap, and safe on the event loop. */
    public boolean isHeld() {
        return sockets.stream().allMatch(DatagramChannel::isOpen);
    }

    /** Frees all ports at once. May be called again. */
    @Override
    public void close() {
        release(sockets);
        OPEN.remove(this);
    }

    private static void release(List<DatagramChannel> sockets) {
        for (DatagramChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // Linux frees the descriptor, and with it the port, whatever close() reports.
            }
        }
    }
}
