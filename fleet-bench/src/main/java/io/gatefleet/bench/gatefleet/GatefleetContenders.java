package io.gatefleet.bench.gatefleet;

import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.server.Contender.Durability;
import io.gatefleet.bench.server.LoopbackPorts;
import io.gatefleet.bench.server.ReadyProbe;
import io.gatefleet.bench.server.ServerProcess;
import io.gatefleet.bench.server.Site;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Gatefleet over HTTP and over the bus, its ledger alone, and an HTTP server that does nothing. */
public final class GatefleetContenders {
    private static final long SECONDS = 60;

    private GatefleetContenders() {}

    /** @param mostCallers that will ever speak at once */
    public static List<Contender> of(int mostCallers) {
        return List.of(
                echo(mostCallers),
                within("bare-map", 1, BareMapDoor::new),
                within("bare-map", 3, BareMapDoor::new),
                within("gatefleet-store", 1, member -> new StoreDoor(member, mostCallers)),
                within("gatefleet-store", 3, member -> new StoreDoor(member, mostCallers)),
                bus(1, mostCallers),
                bus(3, mostCallers),
                http(1, mostCallers),
                http(3, mostCallers));
    }

    private static Contender http(int size, int mostCallers) {
        return new Contender("gatefleet-http", size, Durability.MEMORY, false, home -> {
            Members members = new Members(size);
            return started(members, home, 0, () -> new HttpDoor(CallerConnections.open(members.http(), mostCallers)));
        });
    }

    private static Contender bus(int size, int mostCallers) {
        return new Contender("gatefleet-bus", size, Durability.MEMORY, false, home -> {
            Members members = new Members(size);
            return started(members, home, 0, () -> new BusDoor(BusVisitor.join(members.config(size)), mostCallers));
        });
    }

    /** The generator is the first member itself. */
    private static Contender within(String system, int size, Function<ClusterMember, Door> door) {
        return new Contender(system, size, Durability.MEMORY, true, home -> {
            Members members = new Members(size);
            return started(members, home, 1, () -> {
                ClusterMember member = ClusterMember.join(
                        AllocatorVerticle.SERVICE, members.config(0), Meters.of(AllocatorVerticle.SERVICE));
                Door opened = door.apply(member);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                while (member.members() < size || member.trouble().isPresent()) {
                    if (System.nanoTime() - end > 0) {
                        opened.close();
                        throw new IllegalStateException("not ready after " + SECONDS + " s: " + member.trouble());
                    }
                    Thread.sleep(50); // between two looks; the deadline decides
                }
                return opened;
            });
        });
    }

    private static Site started(Members members, Path home, int first, Site.Opening opening) throws Exception {
        List<ServerProcess> servers = members.start(home, first);
        return Site.open(servers, () -> {
            members.await(servers, first);
            return opening.open();
        });
    }

    private static Contender echo(int mostCallers) {
        return new Contender("echo", 1, Durability.MEMORY, true, home -> {
            int port = LoopbackPorts.free(1).get(0);
            ServerProcess server = ServerProcess.java(
                    "echo",
                    home,
                    System.getProperty("java.class.path"),
                    List.of(),
                    EchoMain.class.getName(),
                    List.of(Integer.toString(port)));
            return Site.open(List.of(server), () -> {
                server.await(SECONDS, () -> ReadyProbe.isReady(URI.create("http://127.0.0.1:" + port + "/")));
                return new EchoDoor(CallerConnections.open(List.of(port), mostCallers));
            });
        });
    }
}
