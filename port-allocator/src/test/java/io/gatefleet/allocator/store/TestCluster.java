package io.gatefleet.allocator.store;

import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.testing.FreePorts;
import java.util.ArrayList;
import java.util.List;

/** Where the members of a test's cluster stand: on loopback, on ports that the kernel found free. */
public record TestCluster(String name, List<Integer> ports) {
    /** @param members how many */
    public static TestCluster of(int members) {
        List<Integer> ports = FreePorts.of(2 * members);
        return new TestCluster("test-" + ports.get(0), ports);
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
