package io.gatefleet.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A process that listens as a gateway does: on both loopback addresses of one port, until its input ends. */
final class ListensLikeAGateway {
    private ListensLikeAGateway() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        try (ServerSocket four = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                ServerSocket six = new ServerSocket(
                        port, 1, InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
                        }))) {
            System.out.println(four.getLocalPort() + " " + six.getLocalPort());
            while (System.in.read() >= 0) {
                // Whoever started this closes its input.
            }
        }
    }
}
