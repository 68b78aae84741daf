package io.gatefleet.allocator.store;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member that keeps ledgers in a JVM of its own, and says on the bus which ones it would sweep. Ends with its input. */
public final class MemberProcess {
    private MemberProcess() {}

    /** Starts one. */
    static Process start(TestCluster cluster, int member) throws IOException {
        ClusterConfig config = cluster.config(member);
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        MemberProcess.class.getName(),
                        config.name(),
                        Integer.toString(config.port()),
                        Integer.toString(config.busPort()),
                        String.join(",", config.members()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Where the member on that port says what it sweeps. */
    static String address(int port) {
        return "test.swept." + port;
    }

    public static void main(String[] args) throws Exception {
        List<String> members = List.of(args[3].split(","));
        int port = Integer.parseInt(args[1]);
        ClusterMember member = ClusterMember.join(
                "port-allocator",
                new ClusterConfig(args[0], "127.0.0.1", port, Integer.parseInt(args[2]), members, members.size(), null),
                Meters.of("port-allocator"));
        HazelcastLedgerStore store = new HazelcastLedgerStore(member);
        member.vertx()
                .eventBus()
                .consumer(address(port), question -> store.sweptHere()
                        .onSuccess(hosts -> question.reply(new JsonArray(new ArrayList<>(
                                hosts.stream().map(HostId::value).toList()))))
                        .onFailure(cause -> question.fail(500, cause.toString())))
                .completion()
                .await(20, TimeUnit.SECONDS);
        System.out.println("joined");
        // Whoever started it holds the other end: when that one is gone, however it went, this ends too.
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(0);
        }
    }
}
