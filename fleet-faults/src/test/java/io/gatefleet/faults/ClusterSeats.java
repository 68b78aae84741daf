package io.gatefleet.faults;

import io.gatefleet.testing.FreePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Where the members of a cluster listen, each life of them anew, and the options that tell them so. */
public final class ClusterSeats {
    private static final int PORTS_EACH = 3;

    private final int members;
    private final List<Integer> ports;

    public ClusterSeats(int members) {
        this.members = members;
        this.ports = FreePorts.of(PORTS_EACH * members);
    }

    /** The HTTP port of a member, counted from 0. */
    public int http(int member) {
        return ports.get(PORTS_EACH * member);
    }

    /** For the main of a member; more can be added. */
    public List<String> options(int member) {
        return new ArrayList<>(List.of(
                "--http-port",
                Integer.toString(http(member)),
                "--cluster-name",
                "test-" + ports.get(0),
                "--cluster-members",
                IntStream.range(0, members)
                        .mapToObj(other -> "127.0.0.1:" + cluster(other))
                        .collect(Collectors.joining(",")),
                "--cluster-port",
                Integer.toString(cluster(member)),
                "--cluster-bus-port",
                ports.get(PORTS_EACH * member + 2).toString()));
    }

    private int cluster(int member) {
        return ports.get(PORTS_EACH * member + 1);
    }
}
