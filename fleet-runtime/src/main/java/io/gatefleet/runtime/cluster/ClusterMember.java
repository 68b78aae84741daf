package io.gatefleet.runtime.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.gatefleet.runtime.ServiceProcess;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of the control plane's cluster: Hazelcast for the shared state, and Vert.x with the event bus
 * on top of it.
 */
public final class ClusterMember implements Membership {
    private static final int MOST_TRIES = 3;

    /** Every look asks the keepers of all copies: some thirty small questions. */
    private static final int LOOK_MILLIS = 1_000;

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private static final int BUS_PING_MILLIS = 1_000;
    private static final int BUS_PONG_MILLIS = 3_000;

    /**
     * What is said to a member whose link hangs waits in the heap, all of it, until the link is closed. Vert.x closes one
     * whose pings are not answered only when all that waits is sent, which is never: 98 s of registries' news filled 96 MiB.
     * One that is idle it closes at once, and one that is alive hears a pong every second.
     */
    private static final int BUS_IDLE_SECONDS = 5;

    private static final int BUS_CONNECT_MILLIS = 2_000;
    /** Lists of listeners reach the others within some 50 ms. */
    private static final int LATE_ASKERS_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(ClusterMember.class);

    private final ClusterConfig config;
    private final Keeping keeping;
    private final HazelcastInstance hazelcast;
    private final Vertx vertx;
    private final Copies copies = new Copies(System::nanoTime);

    private ClusterMember(ClusterConfig config, Keeping keeping, Vertx vertx) {
        this.config = config;
        this.keeping = keeping;
        this.hazelcast = keeping.hazelcast();
        this.vertx = vertx;
    }

    /**
     * Joins, or begins a cluster where no other member answers. Blocks for seconds.
     *
     * @param service what this member is for
     * @throws CannotJoin if it must not or cannot
     */
    public static ClusterMember join(String service, ClusterConfig config, PrometheusMeterRegistry meters) {
        for (int tries = 1; ; tries++) {
            Keeping keeping = Keeping.start(service, config);
            try {
                return joined(service, config, meters, keeping);
            } catch (Exception cause) {
                // Vert.x throws what it failed with as it is, checked or not: a port that is taken is an IOException.
                keeping.abandon();
                if (cause instanceof CannotJoin no) {
                    throw no;
                }
                // What it shares as it comes can fail because another one goes; then it goes too, and so fails those
                // that come at the same moment.
                String why = "the event bus could not start: " + cause.getMessage();
                if (tries == MOST_TRIES) {
                    throw new CannotJoin(why, cause);
                }
                log.warn("{} tries once more to join: {}", service, why);
                // The next try's event bus has meters of the same names.
                meters.getMeters().stream()
                        .filter(meter -> meter.getId().getName().startsWith("vertx."))
                        .toList()
                        .forEach(meters::remove);
            }
        }
    }

    private static ClusterMember joined(
            String service, ClusterConfig config, PrometheusMeterRegistry meters, Keeping keeping) {
        keeping.refuseOtherState();
        Vertx vertx = ServiceProcess.clustered(
                        meters,
                        new VertxOptions().setEventBusOptions(bus(config)),
                        new HazelcastClusterManager(keeping.hazelcast()))
                .await();
        ClusterMember member = new ClusterMember(config, keeping, vertx);
        member.look();
        vertx.setPeriodic(LOOK_MILLIS, tick -> member.look());
        new ClusterMeters(config, member).bindTo(meters);
        log.info(
                "{} joined cluster {} at {}:{}: {} of {} members",
                service,
                config.name(),
                config.host(),
                config.port(),
                member.members(),
                config.size());
        return member;
    }

    /** The event bus of the cluster, and this member's event loops. */
    public Vertx vertx() {
        return vertx;
    }

    /** Says who somebody is that joins as a member does, but is none of the control plane, and keeps nothing. */
    public static void introduce(Config config, String service) {
        Keeping.introduce(config, service, Keeping.parts());
    }

    @Override
    public String id() {
        return name(hazelcast.getCluster().getLocalMember());
    }

    @Override
    public List<String> ids() {
        return hazelcast.getCluster().getMembers().stream()
                .map(ClusterMember::name)
                .toList();
    }

    @Override
    public String httpAddress(String httpHost) {
        String said = config.httpAddress();
        if (said != null) {
            return said;
        }
        return EVERY_ADDRESS.contains(httpHost) ? config.host() : httpHost;
    }

    @Override
    public List<String> others(String service) {
        return with(service).stream().filter(member -> !member.equals(id())).toList();
    }

    /** The names of all members that run a service, oldest first: the same list for all who ask. */
    public List<String> with(String service) {
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> service.equals(member.getAttribute(Keeping.SERVICE)))
                .map(ClusterMember::name)
                .toList();
    }

    private static String name(Member member) {
        return member.getAttribute(Keeping.NAME);
    }

    @Override
    public Optional<String> keeper(String service, String key) {
        return keeper(hazelcast, service, key);
    }

    /** The member that sweeps what is shared under a key: its keeper; where that one runs another service, one that does. */
    public Optional<String> sweeper(String service, String key) {
        Optional<String> keeper = keeper(service, key);
        if (keeper.isPresent()) {
            return keeper;
        }
        List<String> able = with(service);
        return able.isEmpty()
                ? Optional.empty()
                : Optional.of(able.get(
                        hazelcast.getPartitionService().getPartition(key).getPartitionId() % able.size()));
    }

    /** As {@link Membership#keeper}, for somebody in the cluster who is no member of the control plane. */
    public static Optional<String> keeper(HazelcastInstance hazelcast, String service, String key) {
        @Nullable
        Member owner = hazelcast.getPartitionService().getPartition(key).getOwner();
        return owner != null && service.equals(owner.getAttribute(Keeping.SERVICE))
                ? Optional.of(name(owner))
                : Optional.empty();
    }

    /** The state that members share. */
    public HazelcastInstance hazelcast() {
        return hazelcast;
    }

    @Override
    public int members() {
        return hazelcast.getCluster().getMembers().size();
    }

    @Override
    public Optional<String> trouble() {
        int members = members();
        if (members < config.majority()) {
            return Optional.of(
                    "in a minority: %d of %d members see each other, and at least %d must for a lease to be granted"
                            .formatted(members, config.size(), config.majority()));
        }
        String own = hazelcast.getCluster().getLocalMember().getAttribute(Keeping.STATE);
        for (Member other : hazelcast.getCluster().getMembers()) {
            if (!own.equals(other.getAttribute(Keeping.STATE))) {
                return Optional.of("member %s has %s, this one %s: stop one of the two"
                        .formatted(Keeping.address(other), other.getAttribute(Keeping.STATE), own));
            }
        }
        // Counted anew with every heartbeat: for the first two seconds of a member no majority was seen yet.
        boolean counted = hazelcast
                .getSplitBrainProtectionService()
                .getSplitBrainProtection(HardenedConfig.MAJORITY)
                .hasMinimumSize();
        return counted
                ? copies.trouble()
                : Optional.of("no majority of the members was counted yet; this one has just come");
    }

    @Override
    public Duration lateAskers() {
        return Duration.ofMillis(LATE_ASKERS_MILLIS);
    }

    /**
     * Leaves, once what this member kept is with others. Blocks for up to 20 s. To be called when Vert.x is closed.
     */
    public void leave() {
        keeping.leave();
    }

    /** Every address is said: asked for none, Vert.x takes the first interface's, which may be another's. */
    private static EventBusOptions bus(ClusterConfig config) {
        EventBusOptions bus = new EventBusOptions();
        bus.setHost(config.host()).setPort(config.busPort());
        bus.setClusterPublicHost(config.host()).setClusterPublicPort(config.busPort());
        bus.setClusterPingInterval(BUS_PING_MILLIS).setClusterPingReplyInterval(BUS_PONG_MILLIS);
        bus.setReadIdleTimeout(BUS_IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        bus.setConnectTimeout(BUS_CONNECT_MILLIS);
        return bus;
    }

    private void look() {
        copies.look().ifPresent(begun -> vertx.executeBlocking(
                        () -> hazelcast.getPartitionService().isLocalMemberSafe(), false)
                .onComplete(done -> copies.seen(begun, done.succeeded() && done.result())));
    }
}
