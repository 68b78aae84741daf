package io.gatefleet.bench.gatefleet;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.HazelcastLedgerStore;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One server of a control plane: a member with an allocator and a registry in one JVM, as {@code gatefleet up} has them,
 * so that three servers are three processes as with the others that are measured.
 */
public final class MemberMain {
    private static final int START_SECONDS = 60;

    private MemberMain() {}

    /** @param args cluster name, port, bus port, members, how many, registry's HTTP port */
    public static void main(String[] args) throws Exception {
        ClusterConfig cluster = new ClusterConfig(
                args[0],
                "127.0.0.1",
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                List.of(args[3].split(",")),
                Integer.parseInt(args[4]),
                null);
        // As an allocator: the member that keeps a ledger shall sweep it, and all of them have one.
        PrometheusMeterRegistry allocatorMeters = Meters.of(AllocatorVerticle.SERVICE);
        ClusterMember member = ClusterMember.join(AllocatorVerticle.SERVICE, cluster, allocatorMeters);
        Future.all(
                        member.vertx()
                                .deployVerticle(new AllocatorVerticle(
                                        AllocatorConfig.defaults().withHttp("127.0.0.1", 0),
                                        new HazelcastLedgerStore(member),
                                        member,
                                        allocatorMeters)),
                        member.vertx()
                                .deployVerticle(new RegistryVerticle(
                                        RegistryConfig.defaults().listeningOn("127.0.0.1", Integer.parseInt(args[5])),
                                        member,
                                        Meters.of(RegistryVerticle.SERVICE))))
                .await(START_SECONDS, TimeUnit.SECONDS);
    }
}
