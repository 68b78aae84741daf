package io.gatefleet.bench.etcd;

import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.server.Contender.Durability;
import io.gatefleet.bench.server.LoopbackPorts;
import io.gatefleet.bench.server.ReadyProbe;
import io.gatefleet.bench.server.ServerProcess;
import io.gatefleet.bench.server.Site;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** etcd alone and as a cluster of three, with its default durability and without. */
public final class EtcdContenders {
    public static final String SYSTEM = "etcd";
    private static final long SECONDS = 60;

    private EtcdContenders() {}

    /** All of them. */
    public static List<Contender> all() {
        return List.of(
                contender(1, Durability.FSYNC),
                contender(3, Durability.FSYNC),
                contender(1, Durability.NO_FSYNC),
                contender(3, Durability.NO_FSYNC));
    }

    /** Whether there is an etcd on the path. */
    public static boolean installed() {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(":", -1)).stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "etcd")));
    }

    private static Contender contender(int size, Durability durability) {
        return new Contender(SYSTEM, size, durability, false, home -> start(size, durability, home));
    }

    private static Site start(int size, Durability durability, Path home) throws Exception {
        List<Integer> ports = LoopbackPorts.free(2 * size);
        List<String> clients = IntStream.range(0, size)
                .mapToObj(server -> "http://127.0.0.1:" + ports.get(2 * server))
                .toList();
        List<String> peers = IntStream.range(0, size)
                .mapToObj(server -> "http://127.0.0.1:" + ports.get(2 * server + 1))
                .toList();
        String cluster = IntStream.range(0, size)
                .mapToObj(server -> "etcd-" + server + "=" + peers.get(server))
                .collect(Collectors.joining(","));
        List<ServerProcess> servers = new ArrayList<>();
        for (int server = 0; server < size; server++) {
            Path place = home.resolve("etcd-" + server);
            List<String> command = new ArrayList<>(List.of(
                    "etcd",
                    "--name",
                    "etcd-" + server,
                    "--data-dir",
                    place.resolve("data").toString(),
                    "--listen-client-urls",
                    clients.get(server),
                    "--advertise-client-urls",
                    clients.get(server),
                    "--listen-peer-urls",
                    peers.get(server),
                    "--initial-advertise-peer-urls",
                    peers.get(server),
                    "--initial-cluster",
                    cluster,
                    "--initial-cluster-state",
                    "new"));
            if (durability == Durability.NO_FSYNC) {
                command.add("--unsafe-no-fsync");
            }
            // It asks to be told so on machines other than x86, and ignores it there.
            Map<String, String> environment = System.getProperty("os.arch").equals("aarch64")
                    ? Map.of("ETCD_UNSUPPORTED_ARCH", "arm64")
                    : Map.of();
            servers.add(ServerProcess.start("etcd-" + server, place, command, environment));
        }
        return Site.open(servers, () -> {
            for (int server = 0; server < size; server++) {
                URI health = URI.create(clients.get(server) + "/health");
                servers.get(server).await(SECONDS, () -> ReadyProbe.isReady(health));
            }
            return new EtcdDoor(clients);
        });
    }
}
