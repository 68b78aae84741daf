package io.gatefleet.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers, which the kernel found free. Below its ephemeral range, where somebody's outgoing connection could
 * have them by the time a server listens.
 */
public final class LoopbackPorts {
    private static final int FIRST = 10_240;
    private static final int BEYOND = 18_700;
    private static final int MOST_TRIES = 1_000;

    private LoopbackPorts() {}

    /** So many, no two the same. */
    public static List<Integer> free(int count) {
        if (count == 0) {
            return List.of();
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            // Held while the others are looked for, so that no two are the same.
            try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                List<Integer> ports = new ArrayList<>(free(count - 1));
                ports.add(held.getLocalPort());
                return ports;
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new IllegalStateException("no port is free from %d to %d".formatted(FIRST, BEYOND - 1));
    }
}
