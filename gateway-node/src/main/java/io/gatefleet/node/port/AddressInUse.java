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

    /**
     * Learns the text while there are descriptors left. It also closes a channel, which the JDK must have done once before
     * descriptors run out: its first close opens a socket pair, and when that fails no channel can be closed any more.
     *
     * @throws IOException if it cannot be learned; it says nothing about any port
     */
    static void prepare() throws IOException {
        if (text == null) {
            text = learn();
        }
    }

    static boolean is(BindException failure) throws IOException {
        prepare();
        return Objects.equals(text, failure.getMessage());
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
