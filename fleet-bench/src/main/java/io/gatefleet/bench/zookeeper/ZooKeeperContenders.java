package io.gatefleet.bench.zookeeper;

import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.server.Contender.Durability;
import io.gatefleet.bench.server.LoopbackPorts;
import io.gatefleet.bench.server.ServerProcess;
import io.gatefleet.bench.server.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** ZooKeeper alone and as an ensemble of three, with its default durability and without. */
public final class ZooKeeperContenders {
    private static final long SECONDS = 60;
    private static final int PORTS_EACH = 3;
    /** More make it no faster; fewer make the client the limit. */
    private static final int CLIENTS = 3;

    private ZooKeeperContenders() {}

    /** All of them. */
    public static List<Contender> all() {
        return List.of(
                contender(1, Durability.FSYNC),
                contender(3, Durability.FSYNC),
                contender(1, Durability.NO_FSYNC),
                contender(3, Durability.NO_FSYNC));
    }

    private static Contender contender(int size, Durability durability) {
        return new Contender("zookeeper", size, durability, false, home -> start(size, durability, home));
    }

    private static Site start(int size, Durability durability, Path home) throws Exception {
        List<Integer> ports = LoopbackPorts.free(PORTS_EACH * size);
        List<ServerProcess> servers = new ArrayList<>();
        for (int server = 0; server < size; server++) {
            Path place = Files.createDirectories(home.resolve("zookeeper-" + server));
            Files.writeString(place.resolve("zoo.cfg"), config(size, server, ports, place));
            Files.createDirectories(place.resolve("data"));
            Files.writeString(place.resolve("data").resolve("myid"), Integer.toString(server + 1));
            List<String> options = new ArrayList<>(List.of("-Dzookeeper.admin.enableServer=false"));
            if (durability == Durability.NO_FSYNC) {
                options.add("-Dzookeeper.forceSync=no");
            }
            servers.add(ServerProcess.java(
                    "zookeeper-" + server,
                    place,
                    System.getProperty("java.class.path"),
                    options,
                    QuorumPeerMain.class.getName(),
                    List.of(place.resolve("zoo.cfg").toString())));
        }
        return Site.open(servers, () -> {
            for (int server = 0; server < size; server++) {
                int port = ports.get(PORTS_EACH * server);
                servers.get(server).await(SECONDS, () -> serves(port));
            }
            List<String> connections = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                connections.add("127.0.0.1:" + ports.get(PORTS_EACH * (client % size)));
            }
            return ZooKeeperDoor.open(connections);
        });
    }

    private static String config(int size, int server, List<Integer> ports, Path place) {
        StringBuilder config = new StringBuilder("""
                tickTime=2000
                initLimit=10
                syncLimit=5
                maxClientCnxns=0
                4lw.commands.whitelist=srvr
                clientPortAddress=127.0.0.1
                clientPort=%d
                dataDir=%s
                """.formatted(ports.get(PORTS_EACH * server), place.resolve("data")));
        for (int other = 0; other < size && size > 1; other++) {
            config.append("server.%d=127.0.0.1:%d:%d%n"
                    .formatted(other + 1, ports.get(PORTS_EACH * other + 1), ports.get(PORTS_EACH * other + 2)));
        }
        return config.toString();
    }

    /** Whether it is part of a quorum, or alone, and says so. */
    private static boolean serves(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains("Mode:");
        } catch (IOException notYet) {
            return false;
        }
    }
}
