package io.gatefleet.bench.server;

import io.gatefleet.bench.load.Door;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A lease service that runs, and the door to it.
 *
 * @param servers what serves; empty where the generator itself is the server
 */
public record Site(Door door, List<ServerProcess> servers) implements AutoCloseable {
    public Site {
        servers = List.copyOf(servers);
    }

    /** Starts servers and opens the door to them, or leaves nothing running. */
    public static Site open(List<ServerProcess> servers, Opening opening) throws Exception {
        try {
            return new Site(opening.open(), servers);
        } catch (Exception cause) {
            servers.forEach(ServerProcess::close);
            throw cause;
        }
    }

    /** How a door is opened. */
    @FunctionalInterface
    public interface Opening {
        Door open() throws Exception;
    }

    /** CPU seconds that all servers have taken so far. */
    public double cpuSeconds() {
        return servers.stream().mapToDouble(ServerProcess::cpuSeconds).sum();
    }

    @Override
    public void close() throws TimeoutException {
        try {
            door.close();
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }
}
