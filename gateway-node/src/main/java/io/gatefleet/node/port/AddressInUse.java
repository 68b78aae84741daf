package io.gatefleet.node.port;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells EADDRINUSE from its neighbours. Java folds it into {@link BindException} together with EADDRNOTAVAIL (no loopback
 * device) and EACCES (a security module, a privileged port), which are no news of the port; only the text differs, and
 * that is the C library's, in the language of the locale. So the text is learned: a port bound twice on purpose.
 */
final class AddressInUse {
    private static volatile @Nullable String text;

    private AddressInUse() {}

    /** @throws IOException if that cannot be found out; it says nothing about the port */
    static boolean is(BindException failure) throws IOException {
        String learned = text;
        if (learned == null) {
            learned = learn();
            text = learned;
        }
        return learned.equals(failure.getMessage());
    }

    private static String learn() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        try (DatagramChannel first = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel second = DatagramChannel.open(StandardProtocolFamily.INET)) {
            first.bind(any);
            try {
                second.bind(first.getLocalAddress());
            } catch (BindException inUse) {
                return Objects.requireNonNullElse(inUse.getMessage(), "");
            }
        }
        throw new IOException("this kernel lets two sockets share one UDP port on 127.0.0.1: no guard is possible");
    }
}
