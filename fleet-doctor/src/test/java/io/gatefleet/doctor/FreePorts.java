package io.gatefleet.doctor;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for gateways of tests. */
final class FreePorts {
    private FreePorts() {}

    /** The first of so many ports in a row below 32768 that nobody listens on. */
    static int inARow(int width) throws IOException {
        for (int first = 20_000; first + width < 32_768; first += width) {
            boolean all = true;
            for (int port = first; all && port < first + width; port++) {
                all = isFree(port);
            }
            if (all) {
                return first;
            }
        }
        throw new AssertionError("no " + width + " free ports in a row");
    }

    /** On every address of both families. */
    static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[16]))) {
            return socket.isBound();
        } catch (BindException busy) {
            return false;
        }
    }
}
