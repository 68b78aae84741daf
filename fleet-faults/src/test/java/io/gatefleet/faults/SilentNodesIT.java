package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.port.Guarding;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.node.port.PortGuard;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many nodes that fall silent, and a control plane that they outlive; each case ends with a proof from the journals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SilentNodesIT {
    private static final Duration SOON = Duration.ofSeconds(150);

    /** The longest pause of a node whose control plane was silent, 5 s, and sixty words' way on a busy machine. */
    private static final Duration BACK = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path fleet;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private int strangers;

    @SuppressWarnings("NullAway.Init")
    private SixtyNodes sixty;

    @SuppressWarnings("NullAway.Init")
    private ClusteredPlane plane;

    @BeforeAll
    void start() throws IOException {
        sixty = new SixtyNodes(fleet, client);
        plane = sixty.plane();
    }

    @AfterAll
    void endAll() {
        if (sixty != null) {
            sixty.close();
        }
    }

    @BeforeEach
    void everythingStands() throws IOException {
        plane.start();
        plane.isReady();
        sixty.allComeToStand();
    }

    @Test
    void aTenthThatIsFrozenLapsesAndIsKeptApartByItsGuardsAlone() throws Exception {
        Map<InstanceKey, Lease> before = sixty.ledger();
        NodesProcess frozen = sixty.processes().get(0);
        frozen.pause();
        try {
            await().atMost(SOON).until(() -> sixty.ledger().keySet().stream().noneMatch(frozen.keys()::contains));

            // Who sees the guards is sent elsewhere.
            SpeakingNode honest = honest();
            Insisting.on(honest::join);
            assertThat(takes(honest.lease())).isInstanceOf(Guarding.Held.class);
            assertThat(before.values())
                    .noneMatch(lease -> lease.ports().overlaps(honest.lease().ports()));
            // Who sees none is sent into a range that a frozen node guards.
            SpeakingNode blind = sentInto(frozen, before);
            assertThat(takes(blind.lease())).isInstanceOf(Guarding.Busy.class);
            Insisting.on(blind::leave);
            Insisting.on(honest::leave);
        } finally {
            frozen.resume();
        }
        sixty.allComeToStand();

        Map<InstanceKey, Lease> after = sixty.ledger();
        SixtyNodes.assertSameBases(before, after);
        assertThat(frozen.keys())
                .allSatisfy(key -> assertThat(SixtyNodes.of(after, key).fence())
                        .as("a lease that lapsed is never revived: fence of %s", key)
                        .isGreaterThan(SixtyNodes.of(before, key).fence()));
        sixty.assertNothingWasWrong();
    }

    private SpeakingNode sentInto(NodesProcess frozen, Map<InstanceKey, Lease> before) {
        List<SpeakingNode> blind = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            SpeakingNode next = SpeakingNode.blind(client, plane.registries(), strangerOf(SixtyNodes.HOST.value()));
            Insisting.on(next::join);
            blind.add(next);
            if (frozen.keys().stream().anyMatch(key -> SixtyNodes.of(before, key)
                    .ports()
                    .overlaps(next.lease().ports()))) {
                return true;
            }
            // What lapsed rests still.
            Insisting.on(next::leave);
            return false;
        });
        return blind.get(blind.size() - 1);
    }

    @Test
    void ofThreeTenthsThatFallSilentAtOnceNoneLapses() throws Exception {
        assertNobodyLapsesWhile(sixty.processes().subList(0, 2));
    }

    @Test
    void ofAllThatFallSilentAtOnceNoneLapses() throws Exception {
        assertNobodyLapsesWhile(sixty.processes());
    }

    private void assertNobodyLapsesWhile(List<NodesProcess> frozen) throws Exception {
        Map<InstanceKey, Lease> before = sixty.ledger();
        for (NodesProcess process : frozen) {
            process.pause();
        }
        try {
            long paused = System.nanoTime();
            // What is waited for is that the time has passed.
            await().atMost(SOON)
                    .until(() -> since(paused).compareTo(plane.shape().term().multipliedBy(2)) > 0);
            assertThat(sixty.ledger()).isEqualTo(before);
            assertThat(IntStream.range(0, plane.shape().allocators().size())
                            .filter(member -> plane.metric(member, "gatefleet_lease_selfpreservation") == 1))
                    .as("the member that keeps the ledger says that it believes none of them")
                    .isNotEmpty();
        } finally {
            for (NodesProcess process : frozen) {
                process.resume();
            }
        }
        await().atMost(SOON)
                .until(() -> IntStream.range(0, plane.shape().allocators().size())
                        .allMatch(member -> plane.metric(member, "gatefleet_lease_selfpreservation") == 0));
        assertThat(sixty.ledger()).isEqualTo(before);
        sixty.assertNothingWasWrong();
    }

    @Test
    void whenAllMembersStopAndStartEmptyAllAtOnceEveryNodeIsBackOnItsBase() throws Exception {
        Map<InstanceKey, Lease> before = sixty.ledger();
        for (int member = 0; member < plane.size(); member++) {
            plane.kill(member);
        }
        long begun = System.nanoTime();
        plane.start();
        plane.isAsked();
        long asked = System.nanoTime();
        SpeakingNode elsewhere = new SpeakingNode(client, plane.registries(), strangerOf("barn"));
        Insisting.on(elsewhere::join);
        say("a first start on another host was lent its range %d ms after it asked"
                .formatted(since(asked).toMillis()));

        sixty.allComeToStand();
        Duration back = since(asked);
        say(
                "all members lost: 60 nodes back on their bases %d ms after the first registry took work, %d ms after five members were started"
                        .formatted(back.toMillis(), since(begun).toMillis()));
        assertThat(back).isLessThan(BACK);
        Map<InstanceKey, Lease> after = sixty.ledger();
        SixtyNodes.assertSameBases(before, after);
        before.forEach((key, lease) -> assertThat(SixtyNodes.of(after, key).fence())
                .as("fence of %s", key)
                .isGreaterThan(lease.fence()));
        Insisting.on(elsewhere::leave);
        sixty.assertNothingWasWrong();
    }

    @Test
    void membersThatStartInAnyOrderFindUnknownGuardsAndLetTheirNodesComeBackFirst() throws Exception {
        Map<InstanceKey, Lease> before = sixty.ledger();
        for (NodesProcess process : sixty.processes()) {
            process.pause();
        }
        SpeakingNode newcomer = honest();
        try {
            for (int member = 0; member < plane.size(); member++) {
                plane.kill(member);
            }
            long seed = System.nanoTime();
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, plane.size()).boxed().toList());
            Collections.shuffle(order, new Random(seed));
            say("members start one after the other: %s (seed %d)".formatted(order, seed));
            for (int member : order) {
                plane.start(member);
                await().atMost(SOON).until(() -> plane.listensForOthers(member));
            }
            plane.isReady();

            // The living are silent now: whoever asks first must not be lent what they hold.
            await().atMost(SOON).until(() -> saysRecovering(newcomer));
            SpeakingNode elsewhere = new SpeakingNode(client, plane.registries(), strangerOf("barn"));
            Insisting.on(elsewhere::join);
            Insisting.on(elsewhere::leave);
        } finally {
            for (NodesProcess process : sixty.processes()) {
                process.resume();
            }
        }
        sixty.allComeToStand();
        SixtyNodes.assertSameBases(before, sixty.ledger());
        Insisting.on(newcomer::join);
        assertThat(before.values())
                .noneMatch(lease -> lease.ports().overlaps(newcomer.lease().ports()));
        Insisting.on(newcomer::leave);
        sixty.assertNothingWasWrong();
    }

    /** Nothing is lent; false when the answer was late. */
    private static boolean saysRecovering(SpeakingNode node) throws InterruptedException {
        try {
            node.join();
        } catch (IllegalStateException no) {
            return String.valueOf(no.getMessage()).contains("recovering");
        }
        throw new AssertionError("was lent " + node.lease());
    }

    /** Sees the kernel as it is. */
    private SpeakingNode honest() {
        return new SpeakingNode(
                client,
                plane.registries(),
                strangerOf(SixtyNodes.HOST.value()),
                new Incarnation(1),
                () -> Kernel.facts(Set.of()));
    }

    private InstanceKey strangerOf(String host) {
        return new InstanceKey(new HostId(host), new InstanceId("stranger-" + strangers++));
    }

    /** Holds it for a moment only. */
    private static Guarding takes(Lease lease) {
        Guarding guarding = PortGuard.take(lease.ports());
        if (guarding instanceof Guarding.Held held) {
            held.guard().close();
        }
        return guarding;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void say(String measured) {
        System.out.println(measured);
    }
}
