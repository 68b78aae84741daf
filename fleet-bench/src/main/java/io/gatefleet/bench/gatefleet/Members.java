package io.gatefleet.bench.gatefleet;

import io.gatefleet.bench.server.LoopbackPorts;
import io.gatefleet.bench.server.ReadyProbe;
import io.gatefleet.bench.server.ServerProcess;
import io.gatefleet.runtime.cluster.ClusterConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Where the members of a control plane on loopback stand, and how they are started. */
final class Members {
    /** What a member needs on two cores, and what spares it warnings: docs/reference.md has it. */
    static final List<String> JVM = List.of(
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    private static final long START_SECONDS = 60;
    private static final int PORTS_EACH = 3;

    private final int size;
    private final List<Integer> ports;

    /** @param size how many */
    Members(int size) {
        this.size = size;
        // Two more for a client on the bus.
        this.ports = LoopbackPorts.free(PORTS_EACH * size + 2);
    }

    /** How a member is configured; the one after the last is a client's. */
    ClusterConfig config(int member) {
        return new ClusterConfig(
                "bench-" + ports.get(0),
                "127.0.0.1",
                ports.get(PORTS_EACH * member),
                ports.get(PORTS_EACH * member + 1),
                IntStream.range(0, size)
                        .mapToObj(other -> "127.0.0.1:" + ports.get(PORTS_EACH * other))
                        .toList(),
                size,
                null);
    }

    int size() {
        return size;
    }

    /** The registries' HTTP ports. */
    List<Integer> http() {
        return IntStream.range(0, size).mapToObj(this::http).toList();
    }

    private int http(int member) {
        return ports.get(PORTS_EACH * member + 2);
    }

    /** Starts members from that number on, all at once. */
    List<ServerProcess> start(Path home, int first) throws IOException {
        List<ServerProcess> servers = new ArrayList<>();
        for (int member = first; member < size; member++) {
            ClusterConfig config = config(member);
            servers.add(ServerProcess.java(
                    "gatefleet-" + member,
                    home.resolve("member-" + member),
                    System.getProperty("java.class.path"),
                    JVM,
                    MemberMain.class.getName(),
                    List.of(
                            config.name(),
                            Integer.toString(config.port()),
                            Integer.toString(config.busPort()),
                            String.join(",", config.members()),
                            Integer.toString(size),
                            Integer.toString(http(member)))));
        }
        return servers;
    }

    /** Waits until each of them says that it is ready. */
    void await(List<ServerProcess> servers, int first) throws IOException, InterruptedException {
        for (int i = 0; i < servers.size(); i++) {
            URI ready = URI.create("http://127.0.0.1:" + http(first + i) + "/readyz");
            servers.get(i).await(START_SECONDS, () -> ReadyProbe.isReady(ready));
        }
    }
}
