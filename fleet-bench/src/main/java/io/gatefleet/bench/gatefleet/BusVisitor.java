package io.gatefleet.bench.gatefleet;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.gatefleet.runtime.cluster.HardenedConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Somebody on the event bus who keeps nothing: a member without a share of the ledgers and without copies. So what the
 * servers do is done by the servers, as with those that are reached over a client's protocol.
 */
final class BusVisitor implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final long SECONDS = 30;

    private final HazelcastInstance hazelcast;
    private final Vertx vertx;

    private BusVisitor(HazelcastInstance hazelcast, Vertx vertx) {
        this.hazelcast = hazelcast;
        this.vertx = vertx;
    }

    /** Joins members that run. Blocks. */
    static BusVisitor join(ClusterConfig cluster) throws TimeoutException {
        System.setProperty("hazelcast.logging.type", "slf4j");
        HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config(cluster));
        try {
            EventBusOptions bus = new EventBusOptions()
                    .setHost(cluster.host())
                    .setPort(cluster.busPort())
                    .setClusterPublicHost(cluster.host())
                    .setClusterPublicPort(cluster.busPort());
            Vertx vertx = Vertx.builder()
                    .with(new VertxOptions().setEventBusOptions(bus).setEventLoopPoolSize(EVENT_LOOPS))
                    .withClusterManager(new HazelcastClusterManager(hazelcast))
                    .buildClustered()
                    .await(SECONDS, TimeUnit.SECONDS);
            return new BusVisitor(hazelcast, vertx);
        } catch (TimeoutException | RuntimeException cause) {
            hazelcast.getLifecycleService().terminate();
            throw cause;
        }
    }

    Vertx vertx() {
        return vertx;
    }

    /** Whom to ask about a host's ledger, as registries find out. */
    Optional<String> keeper(String host) {
        return ClusterMember.keeper(hazelcast, AllocatorVerticle.SERVICE, host);
    }

    @Override
    public void close() throws TimeoutException {
        try {
            vertx.close().await(SECONDS, TimeUnit.SECONDS);
        } finally {
            hazelcast.getLifecycleService().terminate();
        }
    }

    /** What members compare before they let somebody in is as theirs. */
    private static Config config(ClusterConfig cluster) {
        Config config = new Config().setClusterName(cluster.name()).setLiteMember(true);
        var network = config.getAdvancedNetworkConfig().setEnabled(true);
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(cluster.port()).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface(cluster.host());
        network.setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
        config.setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.wait.seconds.before.join", "1")
                .setProperty("hazelcast.partition.count", Integer.toString(HardenedConfig.PARTITIONS))
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.event.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2");
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.addMultiMapConfig(
                new MultiMapConfig("__vertx.subs").setBackupCount(2).setValueCollectionType("SET"));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(2));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(2));
        // Counted as one who sweeps, so that members go on sweeping what they keep; its share is empty.
        ClusterMember.introduce(config, AllocatorVerticle.SERVICE);
        return config;
    }
}
