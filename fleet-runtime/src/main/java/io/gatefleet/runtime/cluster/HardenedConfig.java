package io.gatefleet.runtime.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;

/**
 * Hazelcast as Gatefleet runs it: members only, on one private address, with timeouts that were measured. The free
 * edition knows neither passwords nor encryption, so everything that listens and is not needed is off.
 */
public final class HardenedConfig {
    /** The protection that a map names whose changes need a majority. */
    public static final String MAJORITY = "majority";

    /** Into so many parts the ledgers of a fleet are cut. The same for all members. */
    public static final int PARTITIONS = 13;

    private HardenedConfig() {}

    static Config of(ClusterConfig cluster) {
        Config config = new Config().setClusterName(cluster.name());
        listenForMembersOnly(config, cluster);
        trustNoClassOfStrangers(config);
        beQuickButNotHasty(config);
        keepWhatTheBusNeeds(config);
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(MAJORITY, true, cluster.majority())
                // Reading goes on in a minority, for explanations: its age is told by the readiness.
                .setProtectOn(SplitBrainProtectionOn.WRITE));
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        return config;
    }

    private static void listenForMembersOnly(Config config, ClusterConfig cluster) {
        // With advanced networking, a protocol without an endpoint is off: clients
        // (the way of CVE-2026-107726), REST, memcache.
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(cluster.port()).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface(cluster.host());
        network.setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        cluster.dns()
                .ifPresentOrElse(
                        // Plain name service, no Kubernetes: a list of names is resolved once, and three containers of
                        // one name would be three clusters.
                        name -> join.getKubernetesConfig()
                                .setEnabled(true)
                                .setProperty("service-dns", name.getHostString())
                                .setProperty("service-port", Integer.toString(name.getPort())),
                        () -> join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members()));
        config.setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j");
    }

    private static void trustNoClassOfStrangers(Config config) {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        // Beside the defaults, which are java and com.hazelcast.
        filter.getWhitelist().addPrefixes("io.gatefleet.", "io.vertx.");
        filter.setBlacklist(new ClassFilter());
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    }

    private static void beQuickButNotHasty(Config config) {
        // A frozen member is removed after 10 s: at 5 s a long collection or a busy machine was taken for death.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "2")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "10")
                // A member that was frozen came back after 9 to 12 s; after 244 s with the defaults.
                .setProperty("hazelcast.merge.first.run.delay.seconds", "20")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "10")
                .setProperty("hazelcast.wait.seconds.before.join", "1")
                .setProperty("hazelcast.operation.call.timeout.millis", "5000")
                // Asked again every half a second, 250 times by default. A member of a minority whose neighbour
                // had gone over to the majority before it asked that one for its share of the bus' subscriptions
                // for 125 s, and joined the others only then.
                .setProperty("hazelcast.invocation.max.retry.count", "20")
                // Ledgers are small. With the default of 300 s, a member whose link broke while it was given a share
                // kept it half given, and was not ready, for 299 s after the links were whole.
                .setProperty("hazelcast.partition.migration.timeout", "10")
                // Whoever writes waits for its copies. One on a member that was just killed never answers: with the
                // default of 5 s all ledgers of its partition stood still for as long, longer than a node waits.
                .setProperty("hazelcast.operation.backup.timeout.millis", "1000")
                // An answer that some copy did not acknowledge is a failure: without this, a member
                // that was stopped for 15 s granted 150 of 650 ranges twice.
                .setProperty("hazelcast.operation.fail.on.indeterminate.state", "true")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "20")
                // One host is one key. Few spread a fleet's hosts well enough, and what is asked together of the
                // ledgers
                // of one partition costs little more than one question (ADR 8).
                .setProperty("hazelcast.partition.count", Integer.toString(PARTITIONS))
                // The services stop in their own order and leave last.
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                // Listeners and cluster chores only: the defaults start a dozen idle threads on two cores.
                .setProperty("hazelcast.event.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2");
    }

    /** Vert.x asks for these when the configuration is not its own file. */
    private static void keepWhatTheBusNeeds(Config config) {
        config.addMultiMapConfig(
                new MultiMapConfig("__vertx.subs").setBackupCount(2).setValueCollectionType("SET"));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(2));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(2));
    }
}
