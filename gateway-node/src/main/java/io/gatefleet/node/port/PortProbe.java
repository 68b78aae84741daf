package io.gatefleet.node.port;

import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel.Held;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.BitSet;
import java.util.List;

/** Finds who holds TCP ports of a lease, by binding each of them once. */
public final class PortProbe {
    /** Others probe by binding, too, and then look like a listener for some microseconds. */
    private static final long PAUSE_MILLIS = 200;

    private PortProbe() {}

    /**
     * The ports that cannot be bound, lowest first, with their holders where {@code /proc} names them. Call it with the
     * guard held, or two nodes may find each other's probes. Blocks, for 200 ms and more where a port is busy: run it on a
     * worker.
     *
     * @param except ports that are not probed: the caller knows who holds them
     * @throws UncheckedIOException if a probe fails otherwise (out of descriptors, interrupted): no news of any port
     */
    public static List<BusyPort> busy(PortSet ports, PortSet except) {
        return busy(ports, except, () -> Thread.sleep(PAUSE_MILLIS));
    }

    /** What happens between the first look and the second; only what both find busy is busy. */
    interface Pause {
        void take() throws InterruptedException;
    }

    static List<BusyPort> busy(PortSet ports, PortSet except, Pause pause) {
        try {
            PortSet suspects = refused(ports.minus(except));
            if (suspects.isEmpty()) {
                return List.of();
            }
            pause.take();
            PortSet busy = refused(suspects);
            return busy.isEmpty() ? List.of() : named(busy);
        } catch (IOException trouble) {
            throw new UncheckedIOException("ports cannot be probed", trouble);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while probing ports"));
        }
    }

    private static PortSet refused(PortSet ports) throws IOException {
        AddressInUse.prepare();
        BitSet refused = new BitSet();
        try {
            // Dual-stack (Java switches IPV6_V6ONLY off): its bind collides with a listener on any address of both
            // families, be it ::1 or 127.0.0.1 alone. A bind of 0.0.0.0 would not see ::1.
            InetAddress everything = InetAddress.getByAddress(new byte[16]);
            for (int port : ports.stream().toArray()) {
                refused.set(port, !binds(StandardProtocolFamily.INET6, everything, port));
            }
        } catch (UnsupportedOperationException withoutIpv6) {
            // The kernel has no IPv6, or this JVM was told to prefer IPv4; then the tables must tell what hides on ::1.
            InetAddress everything = InetAddress.getByAddress(new byte[4]);
            for (int port : ports.stream().toArray()) {
                refused.set(port, !binds(StandardProtocolFamily.INET, everything, port));
            }
            Kernel.listeners().stream()
                    .filter(socket -> ports.contains(socket.port()))
                    .forEach(socket -> refused.set(socket.port()));
        }
        return PortSet.of(refused);
    }

    private static boolean binds(ProtocolFamily family, InetAddress address, int port) throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(family)) {
            // On Linux SO_REUSEADDR never shares a port with a listener. It only passes over what a closed server left
            // in TIME_WAIT for a minute, as the gateway itself will: node sets it, too.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (BindException failure) {
            if (AddressInUse.is(failure)) {
                return false;
            }
            throw failure;
        }
    }

    private static List<BusyPort> named(PortSet busy) throws IOException {
        List<Held> sockets = Kernel.onTcp(busy);
        return busy.stream()
                .mapToObj(port -> sockets.stream()
                        .filter(held -> held.socket().port() == port && held.pid() != null)
                        .findFirst()
                        .map(held -> new BusyPort(port, BusyPort.Protocol.TCP, held.pid(), held.command()))
                        .orElseGet(() -> new BusyPort(port, BusyPort.Protocol.TCP, null, null)))
                .toList();
    }
}
