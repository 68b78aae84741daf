package io.gatefleet.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on, as the kernel says. */
public final class FreePorts {
    private static final int FIRST = 10_240;
    private static final int BEYOND = 18_700;
    private static final int MOST_TRIES = 1_000;

    private FreePorts() {}

    /**
     * Ports for processes that are killed and started again. Below the kernel's ephemeral range, because there somebody's
     * outgoing connection takes a port as soon as nobody listens on it; and below the pool that is lent. All were held at
     * once, so that no two are the same.
     */
    public static List<Integer> of(int count) {
        if (count == 0) {
            return List.of();
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                List<Integer> ports = new ArrayList<>(of(count - 1));
                ports.add(held.getLocalPort());
                return ports;
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new IllegalStateException("no port is free from %d to %d".formatted(FIRST, BEYOND - 1));
    }

    /** The first of so many ports in a row, from 20000 up and below the ephemeral range. */
    public static int inARow(int width) throws IOException {
        for (int first = 20_000; first + width < 32_768; first += width) {
            boolean all = true;
            for (int port = first; all && port < first + width; port++) {
                all = isFree(port);
            }
            if (all) {
                return first;
            }
        }
        throw new IllegalStateException("no " + width + " free ports in a row");
    }

    /** On every address of both families. */
    public static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[16]))) {
            return socket.isBound();
        } catch (BindException busy) {
            return false;
        }
    }
}
