package io.gatefleet.allocator.store;

import io.gatefleet.runtime.cluster.ClusterConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the members of a test's cluster stand: on loopback, on ports that the kernel found free. Below its ephemeral
 * range, where somebody's outgoing connection could have them by the time a member listens; and below what is lent.
 */
public record TestCluster(String name, List<Integer> ports) {
    private static final int FIRST = 10_240;
    private static final int BEYOND = 18_700;
    private static final int MOST_TRIES = 1_000;

    /** @param members how many */
    public static TestCluster of(int members) {
        List<Integer> ports = free(2 * members);
        return new TestCluster("test-" + ports.get(0), ports);
    }

    /** All held at once, so that no two are the same. */
    private static List<Integer> free(int more) {
        if (more == 0) {
            return List.of();
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                List<Integer> ports = new ArrayList<>(free(more - 1));
                ports.add(held.getLocalPort());
                return ports;
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new IllegalStateException("no port is free from %d to %d".formatted(FIRST, BEYOND - 1));
    }

    public int size() {
        return ports.size() / 2;
    }

    /** How the member with that number is configured. */
    public ClusterConfig config(int member) {
        return new ClusterConfig(name, "127.0.0.1", port(member), ports.get(2 * member + 1), members(), size(), null);
    }

    /** The same as options of a main. */
    public List<String> options(int member) {
        return List.of(
                "--cluster-name",
                name,
                "--cluster-members",
                String.join(",", members()),
                "--cluster-port",
                Integer.toString(port(member)),
                "--cluster-bus-port",
                Integer.toString(ports.get(2 * member + 1)));
    }

    private List<String> members() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            members.add("127.0.0.1:" + port(i));
        }
        return members;
    }

    private int port(int member) {
        return ports.get(2 * member);
    }
}
