package io.gatefleet.node;

import static io.gatefleet.node.LivingNode.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.Event.Guard;
import io.gatefleet.history.Line;
import io.gatefleet.node.FakeRegistry.Answer;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.Action;
import io.gatefleet.node.port.FreeWindow;
import io.gatefleet.node.port.OtherProcess;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation with a registry over HTTP, with the real guard and the kernel's view; only the gateway is a fake. */
class NodeLifecycleTest {
    private static final int WIDTH = LAYOUT.footprint().span();
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final WebClient client = WebClient.create(vertx);
    private final List<LivingNode> nodes = new ArrayList<>();
    private FreeWindow window;
    private FakeRegistry registry;

    @BeforeEach
    void open() throws TimeoutException {
        window = FreeWindow.of(2 * WIDTH);
        registry = new FakeRegistry(first(), second());
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.onGoodbye = query -> new Answer.Text(204, "", "");
        registry.onRegister = registry::lend;
        registry.onHeartbeat = registry::renew;
        nodes.forEach(LivingNode::leave);
        nodes.forEach(node -> node.quit.join());
        registry.close();
        vertx.close().await(20, TimeUnit.SECONDS);
        nodes.forEach(node -> node.gateway.closeSocket());
        window.close();
    }

    private int first() {
        return window.first();
    }

    private int second() {
        return window.first() + WIDTH;
    }

    private PortSet range(int base) {
        return LAYOUT.footprint().at(base);
    }

    @Test
    void anOfferIsGuardedRunAndConfirmed() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

        assertThat(node.gateway.done).containsExactly("start " + first());
        assertThat(range(first()).stream().allMatch(NodeLifecycleTest::guarded)).isTrue();
        assertThat(registry.heartbeats.get(0).lease().ports()).isEqualTo(range(first()));
        assertThat(registry.heartbeats)
                .extracting(Heartbeat::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(registry.heartbeats)
                .extracting(heartbeat -> heartbeat.gateway().state())
                .as("a gateway on its way was not stopped by anybody")
                .doesNotContain(GatewayState.STOPPED);
        RegisterInstance word = registry.registrations.get(0);
        assertThat(word.claim()).isNull();
        assertThat(word.facts().portSpace().netns()).isPositive();
        assertThat(word.layout()).isEqualTo("simulated-wide");
        await().atMost(SOON)
                .until(() -> NodeTruth.read(node.home).map(NodeTruth::lease).isPresent());
    }

    @Test
    void theManagementPortTellsHowTheNodeIs() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

        await().atMost(SOON).until(() -> get("/readyz").equals("200 {\"status\":\"pass\"}"));
        assertThat(get("/livez")).startsWith("200");
        System.gc(); // a gauge must not depend on what it alone refers to
        assertThat(get("/metrics"))
                .contains(
                        "gatefleet_node_guard_held 1",
                        "gatefleet_node_gateway_up 1",
                        "gatefleet_node_lease_base " + first())
                .doesNotContain("main");
        assertThat(get("/openapi.yaml")).contains("gateway-node");
        node.gateway.become(GatewayState.BACKOFF);
        await().atMost(SOON).until(() -> get("/readyz").contains("the gateway is backoff"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 11})
    void aThiefIsNamedAndAnotherRangeTaken(int offset) throws Exception {
        try (OtherProcess thief = OtherProcess.start()) {
            assertThat(thief.tell("listen", "127.0.0.1", String.valueOf(first() + offset)))
                    .startsWith("listening");
            LivingNode node = node("main");
            node.begin();
            await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

            assertThat(node.gateway.done).containsExactly("start " + second());
            assertThat(registry.registrations.get(1).rejected()).satisfies(rejected -> {
                assertThat(rejected).isNotNull();
                assertThat(rejected.fence()).isEqualTo(101);
                assertThat(rejected.busy())
                        .contains(new BusyPort(first() + offset, BusyPort.Protocol.TCP, thief.pid(), "java"));
            });
        }
    }

    @Test
    void aNeighbourThatReachesInIsNamedAndAnotherRangeTaken() throws Exception {
        try (OtherProcess gateway = OtherProcess.start()) {
            // Its own port stands below the offer; its browsers' ports reach up to 10 ports before the offer's end.
            assertThat(gateway.tell("name", "openclaw-gatewa")).isEqualTo("named");
            assertThat(gateway.tell("listen", "127.0.0.1", String.valueOf(first() - 10)))
                    .startsWith("listening");
            LivingNode node = node("main");
            node.begin();
            await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

            assertThat(node.gateway.done).containsExactly("start " + second());
            assertThat(registry.registrations.get(1).rejected()).satisfies(rejected -> {
                assertThat(rejected).isNotNull();
                assertThat(rejected.busy()).hasSize(101).allSatisfy(busy -> {
                    assertThat(busy.protocol()).isEqualTo(BusyPort.Protocol.NEIGHBOUR);
                    assertThat(busy.pid()).isEqualTo(gateway.pid());
                });
            });
        }
    }

    @Test
    void twoNodesToldByALyingAllocatorToOverlapExactlyOneRunsThere() throws Exception {
        // The second is sent into the last 11 ports of the first, whatever it rejects.
        registry.onRegister = (key, word) -> FakeRegistry.lend(
                key,
                word,
                key.instance().value().equals("main") ? first() : first() + 100,
                registry.registrations.size(),
                LeaseState.OFFERED);
        LivingNode main = node("main");
        LivingNode rescue = node("rescue");
        main.begin();
        rescue.begin();

        await().atMost(SOON)
                .until(() -> registry.registrations.stream()
                                .filter(word -> word.rejected() != null)
                                .count()
                        >= 3);

        assertThat(List.of(main.gateway.done, rescue.gateway.done))
                .as("what was done to the two gateways")
                .containsOnlyOnce(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shut",
                "hang",
                "drip",
                "broken",
                "lost",
                "forgotten",
                "full",
                "liar",
                "page",
                "huge",
                "elsewhere",
                "another's",
                "older"
            })
    void aHealthyGatewayLivesOnWhateverTheControlPlaneDoes(String trouble) throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

        Answer fault = new Answer.Text(500, "text/html", "<h1>oops</h1>");
        Answer page = new Answer.Text(200, "text/html", "<h1>welcome</h1>");
        Answer huge = new Answer.Text(200, "application/json", "[\"" + "x".repeat(2_000_000) + "\"]");
        Answer elsewhere = new Answer.Text(307, "text/plain", "go elsewhere");
        Refusal full = new Refusal.PoolExhausted(node.key.host(), window.ports(), LAYOUT.footprint(), 0, 0);
        registry.heartbeats.clear();
        registry.registrations.clear();
        switch (trouble) {
            case "shut" -> registry.shut();
            case "hang" -> answer(new Answer.Hang(), new Answer.Hang());
            case "drip" -> answer(new Answer.Drip(), new Answer.Drip());
            case "broken" -> answer(fault, fault);
            case "lost" -> answer(FakeRegistry.no(new Refusal.LeaseLost(node.key, 101)), fault);
            case "forgotten" -> answer(FakeRegistry.no(new Refusal.UnknownInstance(node.key)), fault);
            case "page" -> answer(page, page);
            case "huge" -> answer(huge, huge);
            case "elsewhere" -> answer(elsewhere, elsewhere);
            // Each says "revoked", for which a node stops its gateway, of a lease that is not this node's.
            case "another's" -> {
                Lease rescue = new Lease(
                        new InstanceKey(node.key.host(), new InstanceId("rescue")),
                        node.incarnation,
                        first(),
                        LAYOUT.footprint(),
                        LAYOUT.name(),
                        900,
                        LeaseState.REVOKED);
                answer(
                        new Answer.Json(200, new HeartbeatReply(rescue, FakeRegistry.PACE)),
                        new Answer.Json(
                                200, new Registration(rescue.holder(), rescue, FakeRegistry.PACE, PortSet.EMPTY)));
            }
            case "older" ->
                registry.onHeartbeat = (key, word) -> {
                    Lease said = word.lease();
                    Lease old = new Lease(
                            key,
                            said.incarnation(),
                            said.base(),
                            said.footprint(),
                            said.layout(),
                            said.fence() - 1,
                            LeaseState.REVOKED);
                    return new Answer.Json(200, new HeartbeatReply(old, FakeRegistry.PACE));
                };
            case "full" -> answer(FakeRegistry.no(new Refusal.LeaseLost(node.key, 101)), FakeRegistry.no(full));
            default -> {
                registry.onHeartbeat = (key, word) -> FakeRegistry.no(new Refusal.LeaseLost(key, 101));
                registry.onRegister = (key, word) -> FakeRegistry.lend(key, word, second(), 900, LeaseState.OFFERED);
            }
        }
        if (trouble.equals("shut")) {
            await().atMost(SOON).until(() -> node.lifecycle.status().trouble() != null);
        } else {
            await().atMost(SOON).until(() -> registry.heartbeats.size() + registry.registrations.size() >= 3);
        }
        assertThat(node.gateway.done).containsExactly("start " + first());
        assertThat(guarded(first())).isTrue();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(node.lifecycle.status().registered())
                        .as("whether the control plane knows it")
                        .isFalse());
        assertThat(registry.registrations).extracting(RegisterInstance::claim).allSatisfy(claim -> assertThat(claim)
                .isNotNull()
                .extracting(Claim::base, Claim::guard)
                .containsExactly(first(), GuardState.HELD));

        // An answer at last, from a ledger that knows nothing: the instance asserts its lease, and is where it was.
        registry.onRegister = registry::lend;
        AtomicBoolean known = new AtomicBoolean(!trouble.equals("shut"));
        registry.onHeartbeat = (key, word) -> registry.registrations.isEmpty() && !known.get()
                ? FakeRegistry.no(new Refusal.UnknownInstance(key))
                : registry.renew(key, word);
        registry.heartbeats.clear();
        if (trouble.equals("shut")) {
            registry.reopen();
            await().atMost(SOON).until(() -> !registry.registrations.isEmpty());
        }
        await().atMost(SOON)
                .until(() -> node.says(GuardState.HELD, GatewayState.RUNNING)
                        && node.lifecycle.status().registered());
        assertThat(node.gateway.done).containsExactly("start " + first());
        assertThat(node.lifecycle.status().lease()).isNotNull().satisfies(lease -> assertThat(lease.base())
                .isEqualTo(first()));
    }

    private void answer(Answer heartbeat, Answer registration) {
        registry.onHeartbeat = (key, word) -> heartbeat;
        registry.onRegister = (key, word) -> registration;
    }

    @Test
    void withoutAControlPlaneAKnownLeaseIsTakenAndAssertedLater() throws Exception {
        InstanceHome home = InstanceHome.of(directory, new InstanceId("main"));
        home.create();
        Lease last = new Lease(
                new InstanceKey(new HostId("mill"), new InstanceId("main")),
                new Incarnation(1),
                first(),
                LAYOUT.footprint(),
                LAYOUT.name(),
                77,
                LeaseState.CONFIRMED);
        NodeTruth.next(Optional.empty(), 1).with(last, LAYOUT).write(home);
        registry.shut();

        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.gateway.done.contains("start " + first()));
        assertThat(node.lifecycle.status().registered()).isFalse();
        assertThat(guarded(first())).isTrue();

        registry.reopen();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        assertThat(registry.registrations.get(0).claim())
                .isEqualTo(new Claim(first(), LAYOUT.footprint(), 77, GuardState.HELD, true));
        assertThat(node.gateway.done).containsExactly("start " + first());
    }

    @Test
    void withoutAControlPlaneAndWithoutALeaseItWaitsAndSaysSo() throws Exception {
        registry.shut();
        LivingNode node = node("main");
        node.begin();

        await().atMost(SOON).until(() -> {
            String trouble = node.lifecycle.status().trouble();
            return trouble != null && trouble.contains(registry.url() + " cannot be reached");
        });
        assertThat(node.lifecycle.status().unready())
                .hasValueSatisfying(why -> assertThat(why).startsWith("no lease yet: "));
        registry.reopen();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
    }

    @Test
    void itLeavesInOrder() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        AtomicBoolean guardedAtGoodbye = new AtomicBoolean();
        AtomicBoolean draining = new AtomicBoolean();
        registry.onGoodbye = query -> {
            guardedAtGoodbye.set(guarded(first()));
            draining.set(
                    registry.heartbeats.stream().anyMatch(beat -> beat.gateway().state() == GatewayState.DRAINING));
            return new Answer.Text(204, "", "");
        };

        node.leave();

        assertThat(node.quit.get(15, TimeUnit.SECONDS).ending()).isEqualTo(Action.Ending.DRAINED);
        assertThat(node.gateway.done).containsExactly("start " + first(), "stop");
        assertThat(registry.goodbyes).containsExactly("incarnation=" + node.incarnation + "&portsClosed=true");
        assertThat(guardedAtGoodbye).isTrue();
        assertThat(draining).isTrue();
        assertThat(range(first()).stream().anyMatch(NodeLifecycleTest::guarded)).isFalse();
        assertThat(NodeTruth.read(node.home)).hasValueSatisfying(truth -> {
            assertThat(truth.desired()).isEqualTo(NodeTruth.Desired.STOPPED);
            assertThat(truth.lease()).isNotNull();
        });
    }

    @Test
    void itWritesDownWhenItHeldItsGuardAndForWhichFence() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        node.leave();
        node.quit.get(15, TimeUnit.SECONDS);

        List<Guard> words = Files.readAllLines(node.home.journal()).stream()
                .map(line -> Wire.LENIENT.read(line.getBytes(StandardCharsets.UTF_8), Line.class))
                .map(Line::event)
                .filter(Guard.class::isInstance)
                .map(Guard.class::cast)
                .toList();
        assertThat(words).allMatch(word -> word.ports().equals(range(first())));
        assertThat(words.get(0).word()).isEqualTo(Guard.Word.TAKEN);
        assertThat(words.get(1).fence())
                .isEqualTo(registry.heartbeats.get(0).lease().fence());
        assertThat(words.get(words.size() - 1).word()).isEqualTo(Guard.Word.LET_GO);
    }

    @Test
    void portsThatAreLeftOpenAreNotCalledClosed() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        try (OtherProcess orphan = OtherProcess.start()) {
            assertThat(orphan.tell("listen", "127.0.0.1", String.valueOf(first() + 11)))
                    .startsWith("listening");

            node.leave();
            node.quit.get(15, TimeUnit.SECONDS);

            assertThat(registry.goodbyes).containsExactly("incarnation=" + node.incarnation + "&portsClosed=false");
        }
    }

    @Test
    void itLeavesAlsoWhenNobodyHearsTheGoodbye() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        registry.shut();

        node.leave();

        assertThat(node.quit.get(15, TimeUnit.SECONDS).ending()).isEqualTo(Action.Ending.DRAINED);
        assertThat(range(first()).stream().anyMatch(NodeLifecycleTest::guarded)).isFalse();
    }

    @Test
    void aStandingGatewayIsGuardedBeforeAnythingElseAndAdopted() throws Exception {
        LivingNode node = node("main");
        node.gateway.standOn(node.lease(first(), 55));
        AtomicBoolean guardedFirst = new AtomicBoolean();
        registry.onRegister = (key, word) -> {
            guardedFirst.set(guarded(first() + 50));
            return registry.lend(key, word);
        };
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

        assertThat(guardedFirst).isTrue();
        assertThat(node.gateway.done).containsExactly("adopt " + first());
        assertThat(registry.registrations.get(0).claim())
                .isEqualTo(new Claim(first(), LAYOUT.footprint(), 55, GuardState.HELD, true));
        assertThat(registry.registrations.get(0).facts().listeners())
                .as("its own gateway is no stranger")
                .noneMatch(listener -> listener.port() == first());
    }

    @Test
    void aStandingGatewayOnAGuardOfSomebodyElseIsKeptUnguardedUntilItIsFree() throws Exception {
        LivingNode node = node("main");
        node.gateway.standOn(node.lease(first(), 55));
        try (OtherProcess holder = OtherProcess.start()) {
            assertThat(holder.tell("guard", String.valueOf(first() + 3))).isEqualTo("held");
            registry.onRegister = (key, word) -> FakeRegistry.lend(key, word, second(), 60, LeaseState.OFFERED);
            node.begin();
            await().atMost(SOON).until(() -> node.says(GuardState.MISSING, GatewayState.UNGUARDED));

            assertThat(node.gateway.done).containsExactly("adopt " + first());
            assertThat(node.gateway.findings).anySatisfy(finding -> {
                assertThat(finding.code()).isEqualTo("unguarded");
                assertThat(finding.detail()).contains(first() + 3 + " guarded by java (pid " + holder.pid() + ")");
            });
            assertThat(registry.registrations.get(0).claim())
                    .isEqualTo(new Claim(first(), LAYOUT.footprint(), 55, GuardState.MISSING, true));
            holder.tell("release");
        }
        registry.onRegister = registry::lend;
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        assertThat(node.gateway.done).containsExactly("adopt " + first());
        assertThat(node.gateway.findings).isEmpty();
    }

    @Test
    void theOneCaseAnotherInstanceIsConfirmedWhereAnUnguardedGatewayStands() throws Exception {
        LivingNode node = node("main");
        node.gateway.standOn(node.lease(first(), 55));
        Lease owner = new Lease(
                new InstanceKey(node.key.host(), new InstanceId("rescue")),
                new Incarnation(9),
                first(),
                LAYOUT.footprint(),
                LAYOUT.name(),
                70,
                LeaseState.CONFIRMED);
        try (OtherProcess rescue = OtherProcess.start()) {
            assertThat(rescue.tell("guard", range(first()).toString())).isEqualTo("held");
            registry.onRegister = (key, word) -> word.claim() == null
                    ? FakeRegistry.lend(key, word, second(), 71, LeaseState.OFFERED)
                    : FakeRegistry.no(new Refusal.ClaimConflict(key, range(first()), owner));
            node.begin();
            await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

            assertThat(node.gateway.done).containsExactly("adopt " + first(), "stop", "start " + second());
            assertThat(registry.goodbyes).isEmpty();
        }
    }

    @Test
    void aStrangerInsideTheLeaseIsToldWithPidAndCommand() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        try (OtherProcess chrome = OtherProcess.start()) {
            assertThat(chrome.tell("name", "chrome")).isEqualTo("named");
            assertThat(chrome.tell("listen", "127.0.0.1", String.valueOf(first() + 12)))
                    .startsWith("listening");

            await().atMost(SOON).until(() -> findings()
                    .anyMatch(finding -> finding.code().equals("stranger-in-lease")
                            && finding.detail()
                                    .contains("chrome (java) (pid %d) listens on 127.0.0.1:%d"
                                            .formatted(chrome.pid(), first() + 12))));
        }
        await().atMost(SOON).until(() -> node.gateway.findings.isEmpty());
        assertThat(node.gateway.done).containsExactly("start " + first());
    }

    @Test
    void aGatewayOutsideItsLeaseIsTold() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        try (OtherProcess devServer = OtherProcess.start()) {
            node.gateway.pids = Set.of(devServer.pid());
            assertThat(devServer.tell("listen", "127.0.0.1", String.valueOf(second() + 5)))
                    .startsWith("listening");

            await().atMost(SOON).until(() -> findings()
                    .anyMatch(finding -> finding.code().equals("port-outside-lease")
                            && finding.detail().contains(":" + (second() + 5) + " outside its lease")));
        }
    }

    @Test
    void aGatewayThatCannotBeStartedIsToldAndTriedAgain() throws Exception {
        LivingNode node = node("main");
        node.gateway.startFailure = new BadInput("gateway.port", 1234, "not set: the lease decides");
        node.begin();

        await().atMost(SOON).until(() -> findings()
                .anyMatch(finding -> finding.code().equals("start-failed")
                        && finding.detail().contains("gateway.port: 1234")));
        node.gateway.startFailure = null;
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        await().atMost(SOON).until(() -> node.gateway.findings.isEmpty());
    }

    @Test
    void newsIsToldAtOnceAndNotWithTheNextBeat() throws Exception {
        registry.onHeartbeat = (key, word) -> new Answer.Json(
                200, new HeartbeatReply(word.lease().in(LeaseState.CONFIRMED), new Registration.Pace(60_000, 120_000)));
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));

        node.gateway.become(GatewayState.BACKOFF);

        await().atMost(Duration.ofSeconds(5)).until(() -> node.says(GuardState.HELD, GatewayState.BACKOFF));
    }

    @Test
    void aRevokedLeaseIsGivenBackInOrder() throws Exception {
        LivingNode node = node("main");
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        registry.onHeartbeat = (key, word) ->
                FakeRegistry.no(new Refusal.LeaseRevoked(key, word.lease().fence()));

        assertThat(node.quit.get(15, TimeUnit.SECONDS).ending()).isEqualTo(Action.Ending.REVOKED);
        assertThat(node.gateway.done).containsExactly("start " + first(), "stop");
        assertThat(registry.goodbyes).containsExactly("incarnation=" + node.incarnation + "&portsClosed=true");
    }

    private Stream<Finding> findings() {
        return registry.heartbeats.stream()
                .map(beat -> beat.gateway().findings())
                .flatMap(Collection::stream);
    }

    /** As a guard looks: the kernel's word, at once, where taking one would wait for a second. */
    private static boolean guarded(int port) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException taken) {
            return true;
        }
    }

    private String get(String path) {
        try {
            return client.get(first() + 1, "127.0.0.1", path)
                    .send()
                    .map(response -> response.statusCode() + " " + response.bodyAsString())
                    .otherwise(Throwable::toString)
                    .await(10, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return late.toString();
        }
    }

    private LivingNode node(String name) throws IOException {
        LivingNode node = new LivingNode(vertx, directory, registry, name);
        nodes.add(node);
        return node;
    }
}
