package io.gatefleet.runtime.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.runtime.Version;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a member keeps for all: Hazelcast with every shared state on the class path, and the journals of what is decided. */
final class Keeping {
    /**
     * The attribute of a member that is its name as long as its process lives, on the bus and among members. Hazelcast's own
     * is not: merged back after a cut, a member has another one.
     */
    static final String NAME = "__vertx.nodeId";

    static final String SERVICE = "gatefleet.service";
    static final String STATE = "gatefleet.state";
    private static final String VERSION = "gatefleet.version";

    private static final Logger log = LoggerFactory.getLogger(Keeping.class);

    private final HazelcastInstance hazelcast;
    private final List<Closeable> journals;

    private Keeping(HazelcastInstance hazelcast, List<Closeable> journals) {
        this.hazelcast = hazelcast;
        this.journals = journals;
    }

    /**
     * Starts it; a cluster where no other member answers. Blocks for seconds.
     *
     * @throws CannotJoin if it must not or cannot
     */
    static Keeping start(String service, ClusterConfig cluster) {
        refuseTheTwoCoreTrap();
        // Its first words come before it reads its configuration.
        System.setProperty("hazelcast.logging.type", "slf4j");
        List<SharedState> parts = parts();
        if (parts.isEmpty()) {
            throw new CannotJoin(
                    "class path: no shared state (expected: all jars of the distribution, port-allocator among them; every member keeps copies of the ledger, whichever service it runs)");
        }
        Config config = HardenedConfig.of(cluster);
        parts.forEach(part -> part.configure(config, cluster));
        introduce(config, service, parts);
        List<Closeable> journals = new ArrayList<>();
        Path journal = cluster.journal();
        if (journal != null) {
            parts.forEach(part -> journals.add(writeDown(part, config, service, journal)));
        }
        try {
            return new Keeping(Hazelcast.newHazelcastInstance(config), journals);
        } catch (HazelcastException | IllegalStateException cause) {
            close(journals);
            throw new CannotJoin(
                    "cluster %s at %s:%d: %s (is the port free, and the address this machine's?)"
                            .formatted(cluster.name(), cluster.host(), cluster.port(), cause.getMessage()),
                    cause);
        }
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    /** Goes at once, with all that it kept. */
    void abandon() {
        hazelcast.getLifecycleService().terminate();
        close(journals);
    }

    /** Goes once what it kept is with others. Blocks for up to 20 s. */
    void leave() {
        hazelcast.getLifecycleService().shutdown();
        close(journals);
    }

    /** The newcomer goes: whoever was there first keeps the state. */
    void refuseOtherState() {
        Cluster cluster = hazelcast.getCluster();
        Member self = cluster.getLocalMember();
        for (Member other : cluster.getMembers()) {
            if (!self.getAttribute(STATE).equals(other.getAttribute(STATE))) {
                throw new CannotJoin(
                        "member %s (%s %s) has %s; this one, version %s, has %s (expected: the same on all members; stop all members, then start all of one version: gateways run on meanwhile)"
                                .formatted(
                                        address(other),
                                        other.getAttribute(SERVICE),
                                        other.getAttribute(VERSION),
                                        other.getAttribute(STATE),
                                        self.getAttribute(VERSION),
                                        self.getAttribute(STATE)));
            }
        }
    }

    private static void refuseTheTwoCoreTrap() {
        if (ForkJoinPool.getCommonPoolParallelism() < 2) {
            throw new CannotJoin(
                    "common pool parallelism: %d (expected: 2 or more). On one or two cores Hazelcast starts a thread for every callback, 40 times slower; start Java with -Djava.util.concurrent.ForkJoinPool.common.parallelism=4"
                            .formatted(ForkJoinPool.getCommonPoolParallelism()));
        }
    }

    static List<SharedState> parts() {
        return ServiceLoader.load(SharedState.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** What others can read of a member before they talk with it. */
    static void introduce(Config config, String service, List<SharedState> parts) {
        config.getMemberAttributeConfig()
                .setAttribute(NAME, UUID.randomUUID().toString())
                .setAttribute(SERVICE, service)
                .setAttribute(VERSION, Version.current())
                .setAttribute(STATE, state(parts));
    }

    /** What members compare before they let somebody in as theirs: what they keep together, and how they talk. */
    private static String state(List<SharedState> parts) {
        return Stream.concat(
                        parts.stream().map(part -> part.name() + " in form " + part.form()),
                        Stream.of("bus in form " + Exchange.FORM))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static Closeable writeDown(SharedState part, Config config, String service, Path journal) {
        try {
            return part.writeDown(config, service, journal);
        } catch (IOException cause) {
            throw new CannotJoin("journal: " + cause.getMessage(), cause);
        }
    }

    private static void close(List<Closeable> journals) {
        for (Closeable journal : journals) {
            try {
                journal.close();
            } catch (IOException cause) {
                log.warn("a journal could not be closed", cause);
            }
        }
    }

    static String address(Member member) {
        return member.getAddress().getHost() + ":" + member.getAddress().getPort();
    }
}
