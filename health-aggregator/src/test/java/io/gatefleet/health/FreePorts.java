package io.gatefleet.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for processes that are killed and started again. Below the kernel's ephemeral range, because there somebody's
 * outgoing connection takes a port as soon as nobody listens on it; and below the pool that is lent.
 */
final class FreePorts {
    private static final int FIRST = 10_240;
    private static final int BEYOND = 18_700;

    private FreePorts() {}

    /** All held at once, so that no two are the same. */
    static List<Integer> of(int count) {
        if (count == 0) {
            return List.of();
        }
        for (int tries = 0; tries < 1_000; tries++) {
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
}
