package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.faults.Intermediary.Fate;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.runtime.LocalBus;
import io.gatefleet.testing.Signal;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node's words and its death can do between an offer and a goodbye; each case ends with a proof from the journals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeLivesIT {
    private static final HostId HOST = new HostId("mill");
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path fleet;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Vertx vertx =
            LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(16), null);

    /** Of the kernel's guards; asked when one must stand. */
    private final KernelWatch watch = KernelWatch.here();

    @SuppressWarnings("NullAway.Init")
    private ClusteredPlane plane;

    @BeforeAll
    void start() throws IOException {
        plane = new ClusteredPlane(
                PlaneShape.onLoopback(3, 1).withAllocatorOptions("--offered", "PT15S", "--rest-lapsed", "PT2S"),
                fleet,
                client);
        plane.start();
        plane.isReady();
    }

    @AfterAll
    void endAll() throws Exception {
        watch.close();
        plane.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aNodeThatIsKilledBetweenOfferAndConfirmationFindsItsGatewayOnItsRangeInItsNextLife() throws Exception {
        InstanceKey key = key("killed");
        try (Intermediary between = before();
                NodeProcess node = new NodeProcess(fleet, key, List.of(between.url()))) {
            between.judgedBy((method, path) -> path.endsWith("/heartbeats") ? Fate.HOLD : Fate.PASS);
            node.start();
            // Guarded, its gateway on its way, and its confirmation too.
            await().atMost(SOON).until(() -> between.words().stream()
                    .anyMatch(word -> word.path().endsWith("/heartbeats")));
            Lease offered = lease(key).orElseThrow();
            assertThat(offered.state()).isEqualTo(LeaseState.OFFERED);
            await().atMost(SOON).until(() -> node.gatewayPid() > 0);
            int gateway = node.gatewayPid();
            node.kill();

            between.judgedBy((method, path) -> Fate.PASS);
            long killed = System.nanoTime();
            node.start();
            await().atMost(SOON).until(() -> isConfirmed(key));
            Lease again = lease(key).orElseThrow();
            say("killed between offer and confirmation: stands again after %d ms"
                    .formatted(since(killed).toMillis()));
            assertThat(again.base()).isEqualTo(offered.base());
            assertThat(again.incarnation()).isNotEqualTo(offered.incarnation());
            assertThat(NodeProcess.lives(gateway))
                    .as("the gateway outlives its node")
                    .isTrue();
            assertThat(node.gatewayPid()).as("and is adopted").isEqualTo(gateway);
            assertThat(watch.isGuarded(again.ports())).isTrue();
            node.endInOrder();
            assertThat(lease(key)).isEmpty();
        }
        Proven.nothingWasWrong(fleet);
    }

    @Test
    void aNodeThatWakesWhenItsRangeIsLentToAnotherKeepsGuardAndGatewayAndGetsItBackWhenThatOneGoes() throws Exception {
        InstanceKey key = key("frozen");
        try (Intermediary between = before();
                KernelWatch kernel = KernelWatch.here();
                NodeProcess node = new NodeProcess(fleet, key, List.of(between.url()))) {
            node.start();
            await().atMost(SOON).until(() -> runs(key));
            Lease before = lease(key).orElseThrow();
            int gateway = node.gatewayPid();
            kernel.watch(before.base(), gateway);

            List<SpeakingNode> sent = new ArrayList<>();
            node.signal(Signal.STOP);
            await().atMost(SOON).until(() -> lease(key).isEmpty());
            // Its range rests for a while, and is lent to the first who does not see that somebody stands there.
            await().atMost(SOON).until(() -> {
                SpeakingNode next = SpeakingNode.blind(client, plane.registries(), key("blind-" + sent.size()));
                Insisting.on(next::join);
                sent.add(next);
                return next.lease().ports().overlaps(before.ports());
            });
            SpeakingNode liar = sent.get(sent.size() - 1);
            Insisting.on(liar::beat);
            assertThat(liar.lease().state()).isEqualTo(LeaseState.CONFIRMED);
            node.signal(Signal.CONT);
            await().atMost(SOON).until(() -> {
                Insisting.on(liar::beat);
                return between.words().stream()
                        .anyMatch(word ->
                                word.status() == 409 && word.answer().toString().contains("claim-conflict"));
            });
            assertThat(lease(key)).as("what is another's is not given").isEmpty();
            for (SpeakingNode gone : sent) {
                Insisting.on(gone::leave);
            }
            await().atMost(SOON).until(() -> isConfirmed(key));

            Lease again = lease(key).orElseThrow();
            assertThat(again.base()).isEqualTo(before.base());
            assertThat(again.fence()).isGreaterThan(liar.lease().fence());
            assertThat(node.gatewayPid()).as("the gateway ran through it").isEqualTo(gateway);
            assertThat(kernel.troublesUntilNow())
                    .as("seen in %d looks at the kernel's tables", kernel.looks())
                    .isEmpty();
            kernel.forget(before.base());
            node.endInOrder();
        }
        Proven.nothingWasWrong(fleet);
    }

    @Test
    void anOfferThatNobodyConfirmsIsLentAgainWhenItsTimeAndItsRestAreOver() throws Exception {
        SpeakingNode dead = madeUp("orchard", "dead");
        Insisting.on(dead::join);
        long offered = System.nanoTime();
        List<SpeakingNode> later = new ArrayList<>();
        await().atMost(SOON).pollInterval(Duration.ofSeconds(2)).until(() -> {
            SpeakingNode next = madeUp("orchard", "next-" + later.size());
            Insisting.on(next::join);
            later.add(next);
            return next.lease().base() == dead.lease().base();
        });
        say("an offer that nobody confirmed was lent again after %d ms"
                .formatted(since(offered).toMillis()));
        assertThat(later.get(later.size() - 1).lease().fence())
                .isGreaterThan(dead.lease().fence());
        for (SpeakingNode node : later) {
            Insisting.on(node::leave);
        }
    }

    @Test
    void answersThatAreLostAfterTheLedgerDecidedLendNoSecondRange() throws Exception {
        InstanceKey key = key("unheard");
        AtomicInteger registers = new AtomicInteger();
        AtomicInteger beats = new AtomicInteger();
        AtomicInteger goodbyes = new AtomicInteger();
        try (Intermediary between = before()) {
            between.judgedBy((method, path) -> switch (method) {
                case "PUT" -> registers.incrementAndGet() <= 3 ? Fate.CUT_REPLY : Fate.PASS;
                case "POST" -> beats.incrementAndGet() <= 3 ? Fate.CUT_REPLY : Fate.PASS;
                case "DELETE" -> goodbyes.incrementAndGet() <= 1 ? Fate.CUT_REPLY : Fate.PASS;
                default -> Fate.PASS;
            });
            GuardedNode node = GuardedNode.start(vertx, fleet, key, List.of(between.url()));
            try {
                await().atMost(SOON).until(node::stands);
                assertThat(node.gatewayStops()).isZero();
            } finally {
                node.close();
            }
            List<Lease> granted = between.words().stream()
                    .filter(word -> word.status() / 100 == 2)
                    .filter(word -> word.method().equals("PUT") || word.path().endsWith("/heartbeats"))
                    .map(NodeLivesIT::leaseIn)
                    .toList();
            assertThat(granted).hasSizeGreaterThanOrEqualTo(8);
            assertThat(granted)
                    .as("one range and one fence, however often it was asked for")
                    .allSatisfy(lease -> {
                        assertThat(lease.base()).isEqualTo(granted.get(0).base());
                        assertThat(lease.fence()).isEqualTo(granted.get(0).fence());
                    });
            assertThat(between.words())
                    .filteredOn(word -> word.method().equals("DELETE"))
                    .as("the second goodbye finds nothing to do, and is no error")
                    .hasSize(2)
                    .allMatch(word -> word.status() / 100 == 2);
            assertThat(lease(key)).isEmpty();
        }
        Proven.nothingWasWrong(fleet);
    }

    @Test
    void aGatewayThatDiesSlowlyKeepsItsRangeUntilItsLastPortIsClosed() throws Exception {
        InstanceKey key = key("slow");
        InstanceHome home = InstanceHome.of(fleet, key.instance());
        home.create();
        Files.writeString(home.config("simulated.json"), "{\"simulated\":{\"drainMillis\":11000}}");
        GuardedNode node = GuardedNode.startWithGateway(vertx, fleet, key, plane.registries(), Duration.ofSeconds(20));
        // Confirmed it is before its gateway runs.
        await().atMost(SOON).until(() -> node.stands() && runs(key));
        Lease lease = node.lease().orElseThrow();
        ProcessHandle gateway = ProcessHandle.of(node.gatewayPid()).orElseThrow();

        long told = System.nanoTime();
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> {
            try {
                node.close();
            } catch (IOException | TimeoutException failed) {
                throw new IllegalStateException(failed);
            }
        });
        int others = 0;
        while (gateway.isAlive()) {
            SpeakingNode other = stranger("while-" + others++);
            Insisting.on(other::join);
            boolean guarded = watch.isGuarded(lease.ports());
            // Alive afterwards too: nobody was lent the range of a gateway that still had its ports.
            if (gateway.isAlive()) {
                assertThat(other.lease().ports().overlaps(lease.ports())).isFalse();
                assertThat(guarded).as("the guard outlives the gateway").isTrue();
            }
            Insisting.on(other::leave);
            gateway.onExit().completeOnTimeout(gateway, 1, TimeUnit.SECONDS).join();
        }
        Duration took = since(told);
        assertThat(took)
                .as("longer than the term, so that the lease was renewed meanwhile")
                .isGreaterThan(plane.shape().term());
        assertThat(others).isGreaterThan(3);
        ending.get(60, TimeUnit.SECONDS);
        say("a gateway took %d ms to die; %d others were lent other ranges meanwhile"
                .formatted(took.toMillis(), others));
        // Proven closed, it does not rest at all: whoever asks goes there, after what is free below.
        List<SpeakingNode> later = new ArrayList<>();
        do {
            SpeakingNode next = stranger("after-" + later.size());
            Insisting.on(next::join);
            later.add(next);
        } while (later.get(later.size() - 1).lease().base() < lease.base());
        assertThat(later.get(later.size() - 1).lease().base()).isEqualTo(lease.base());
        for (SpeakingNode next : later) {
            Insisting.on(next::leave);
        }
        Proven.nothingWasWrong(fleet);
    }

    private SpeakingNode stranger(String instance) {
        return new SpeakingNode(
                client, plane.registries(), key(instance), new Incarnation(1), () -> Kernel.facts(Set.of()));
    }

    private Intermediary before() throws Exception {
        return Intermediary.before(vertx, plane.registries().get(0));
    }

    private static Lease leaseIn(Intermediary.Word word) {
        return word.method().equals("PUT")
                ? Wire.LENIENT.read(word.answer(), Registration.class).lease()
                : Wire.LENIENT.read(word.answer(), HeartbeatReply.class).lease();
    }

    private Optional<Lease> lease(InstanceKey key) {
        return plane.leases(key.host()).stream()
                .filter(lease -> lease.holder().equals(key))
                .findFirst();
    }

    private boolean isConfirmed(InstanceKey key) {
        return lease(key).filter(lease -> lease.state() == LeaseState.CONFIRMED).isPresent();
    }

    private boolean runs(InstanceKey key) {
        return plane.instance(key)
                .filter(view -> view.report().state() == GatewayState.RUNNING)
                .isPresent();
    }

    private SpeakingNode madeUp(String host, String instance) {
        return new SpeakingNode(
                client, plane.registries(), new InstanceKey(new HostId(host), new InstanceId(instance)));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void say(String measured) {
        System.out.println(measured);
    }

    private static InstanceKey key(String instance) {
        return new InstanceKey(HOST, new InstanceId(instance));
    }
}
