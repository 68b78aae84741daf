package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.FreeWindow;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.node.port.LeaseAudit;
import io.gatefleet.node.port.PortProbe;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes as processes with simulated gateways: their ends, orderly and not, and what their next start makes of it. */
class NodeIT {
    private static final int WIDTH = 111;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** The goal for a node's own memory. */
    private static final long MOST_RESIDENT_KB = 120_000;

    @TempDir
    private Path fleet = Path.of("");

    private final List<AutoCloseable> open = new ArrayList<>();
    private FreeWindow window;

    @BeforeEach
    void window() {
        window = FreeWindow.of(3 * WIDTH);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        window.close();
    }

    private PortSet range(int base) {
        return PortSet.of(PortRange.of(base, WIDTH));
    }

    @Test
    void aNodeRunsItsGatewayAndGivesEverythingBack() throws Exception {
        ControlPlane plane = plane(0);
        NodeProcess main = node("main", plane).start();
        InstanceView view = ready(plane, "main");
        Lease lease = view.lease();
        assertThat(lease).isNotNull();
        assertThat(lease.base()).isEqualTo(window.first());
        assertThat(lease.state()).isEqualTo(LeaseState.CONFIRMED);
        assertThat(view.nodePid()).isEqualTo(main.process().pid());
        int gateway = main.gatewayPid();
        assertThat(Kernel.session(gateway)).as("a session of its own").contains(gateway);
        assertThat(residentKilobytes(main.process().pid())).isLessThan(MOST_RESIDENT_KB);

        // A closed terminal is no reason to end: with the usual handler its exit code would be 129.
        main.signal(Signal.HUP);
        main.signal(Signal.HUP);
        assertThat(main.stop()).as(main.log()).isEqualTo(NodeExit.DRAINED);

        assertThat(main.log()).contains("ports closed: true");
        assertThat(Kernel.startTime(gateway)).as("gone").isEqualTo(-1);
        assertThat(PortProbe.busy(range(window.first()), PortSet.EMPTY)).isEmpty();
        assertThat(Kernel.facts(Set.of()).guards().and(range(window.first()))).isEqualTo(PortSet.EMPTY);
        await().atMost(SOON)
                .until(() ->
                        plane.instance("main").filter(InstanceView::present).isEmpty());

        // Closed ports need no rest: the next life stands there at once.
        main.start();
        assertThat(ready(plane, "main").lease()).isNotNull().satisfies(again -> assertThat(again.base())
                .isEqualTo(window.first()));
    }

    @Test
    void aSecondNodeOfTheSameHomeEndsAndSaysWhoRunsIt() throws Exception {
        ControlPlane plane = plane(0);
        NodeProcess main = node("main", plane).start();
        ready(plane, "main");

        Process second = main.another();

        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(NodeExit.ALREADY_RUNNING);
        assertThat(main.log())
                .contains("already-running (pid %d)".formatted(main.process().pid()));
        assertThat(main.process().isAlive()).isTrue();
    }

    @Test
    void aNodeThatWasKilledComesBackToItsLivingGateway() throws Exception {
        ControlPlane plane = plane(0);
        NodeProcess main = node("main", plane).start();
        ready(plane, "main");
        int gateway = main.gatewayPid();
        main.kill();
        // Until the control plane gave it up: only the kernel knows now that the gateway lives.
        await().atMost(SOON)
                .until(() ->
                        plane.instance("main").filter(InstanceView::present).isEmpty());

        node("rescue", plane).start();
        Lease other = ready(plane, "rescue").lease();
        assertThat(other).isNotNull();
        assertThat(other.ports().overlaps(range(window.first())))
                .as("%s beside the living gateway on %d", other, window.first())
                .isFalse();

        main.start();
        assertThat(ready(plane, "main").lease()).isNotNull().satisfies(lease -> {
            assertThat(lease.base()).isEqualTo(window.first());
            assertThat(lease.state()).isEqualTo(LeaseState.CONFIRMED);
        });
        assertThat(main.gatewayPid()).as("adopted, not started again").isEqualTo(gateway);
        assertThat(main.stop()).as(main.log()).isEqualTo(NodeExit.DRAINED);
        assertThat(Kernel.startTime(gateway)).as("gone").isEqualTo(-1);
    }

    @Test
    void aLivingGatewayWithoutItsNodeIsANeighbourToWhomeverIsSentThere() throws Exception {
        FakeRegistry liar = fake(window.first(), window.first() + 50, window.first() + 2 * WIDTH);
        NodeProcess main = node("main", liar).start();
        await().atMost(SOON).until(() -> says(liar, "main", GatewayState.RUNNING));
        main.kill();

        NodeProcess rescue = node("rescue", liar).start();
        await().atMost(SOON).until(() -> says(liar, "rescue", GatewayState.RUNNING));

        RegisterInstance rejecting = liar.registrations.stream()
                .filter(word -> word.rejected() != null)
                .findFirst()
                .orElseThrow();
        assertThat(rejecting.rejected()).isNotNull().satisfies(rejected -> assertThat(rejected.busy())
                .hasSize(WIDTH - 50)
                .allSatisfy(busy -> {
                    assertThat(busy.protocol()).isEqualTo(BusyPort.Protocol.NEIGHBOUR);
                    assertThat(busy.pid()).isEqualTo(gatewayPid(main));
                }));
        assertThat(last(liar, "rescue"))
                .isNotNull()
                .satisfies(beat -> assertThat(beat.lease().base()).isEqualTo(window.first() + 2 * WIDTH));
        assertThat(rescue.process().isAlive()).isTrue();
    }

    @Test
    void twoNodesToldByALyingAllocatorToOverlapExactlyOneGatewayRunsThere() throws Exception {
        FakeRegistry liar = fake();
        liar.onRegister = (key, word) -> FakeRegistry.lend(
                key,
                word,
                key.instance().value().equals("main") ? window.first() : window.first() + WIDTH - 1,
                liar.registrations.size() + 1L,
                LeaseState.OFFERED);
        NodeProcess main = node("main", liar).start();
        NodeProcess rescue = node("rescue", liar).start();

        await().atMost(SOON)
                .until(() ->
                        liar.heartbeats.stream().anyMatch(beat -> beat.gateway().state() == GatewayState.RUNNING)
                                && liar.registrations.stream().anyMatch(word -> word.rejected() != null));
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> gatewayPid(main) == 0 ^ gatewayPid(rescue) == 0);
    }

    @Test
    void whateverWasKilledTheInstanceComesBackOnTheSamePorts() throws Exception {
        ControlPlane plane = plane(0);
        NodeProcess main = node("main", plane).start();
        ready(plane, "main");
        main.simulate("{\"do\":\"browser\",\"profile\":\"openclaw\",\"outlives\":true,\"detached\":true}");
        PortSet cdp = PortSet.of(window.first() + 11);
        await().atMost(SOON)
                .until(() ->
                        !LeaseAudit.of(cdp, Set.of(), PortSet.EMPTY).strangers().isEmpty());
        int gateway = main.gatewayPid();
        main.kill();
        ProcessHandle killed = ProcessHandle.of(gateway).orElseThrow();
        assertThat(killed.destroyForcibly()).isTrue();
        killed.onExit().join();
        assertThat(LeaseAudit.of(cdp, Set.of(), PortSet.EMPTY).strangers())
                .as("the browser lives on")
                .isNotEmpty();

        main.start();

        await().atMost(SOON).until(() -> main.gatewayPid() != gateway && isReady(plane, "main"));
        assertThat(ready(plane, "main").lease()).isNotNull().satisfies(lease -> assertThat(lease.base())
                .isEqualTo(window.first()));
        assertThat(LeaseAudit.of(cdp, Set.of(), PortSet.EMPTY).strangers()).isEmpty();
    }

    @Test
    void afterTotalLossOfTheControlPlaneEverybodyIsWhereTheyWere() throws Exception {
        ControlPlane before = plane(0);
        NodeProcess main = node("main", before).start();
        ready(before, "main");
        NodeProcess rescue = node("rescue", before).start();
        Lease lease = ready(before, "rescue").lease();
        assertThat(lease).isNotNull();
        int gateway = rescue.gatewayPid();
        before.close();
        open.remove(before);
        // A node that starts meanwhile knows its lease, and needs nobody's word to stand on it.
        main.stop();
        main.start();
        await().atMost(SOON)
                .until(() -> main.log()
                                .lines()
                                .filter(line -> line.contains("starts its gateway on"))
                                .count()
                        == 2);

        ControlPlane after = plane(before.port());

        assertThat(ready(after, "main").lease()).isNotNull().satisfies(again -> assertThat(again.base())
                .isEqualTo(window.first()));
        assertThat(ready(after, "rescue").lease()).isNotNull().satisfies(again -> {
            assertThat(again.base()).isEqualTo(lease.base());
            assertThat(again.fence()).isGreaterThan(lease.fence());
        });
        assertThat(rescue.gatewayPid()).isEqualTo(gateway);
    }

    @Test
    void aStandingGatewayIsAssertedWithItsGuardHeld() throws Exception {
        FakeRegistry registry = fake(window.first());
        NodeProcess main = node("main", registry).start();
        await().atMost(SOON).until(() -> says(registry, "main", GatewayState.RUNNING));
        main.kill();
        registry.registrations.clear();

        main.start();
        await().atMost(SOON).until(() -> !registry.registrations.isEmpty());

        RegisterInstance word = registry.registrations.get(0);
        Claim claim = word.claim();
        assertThat(claim).isNotNull();
        assertThat(claim.guard()).isEqualTo(GuardState.HELD);
        assertThat(claim.standing()).isTrue();
        assertThat(claim.ports()).isEqualTo(range(window.first()));
        assertThat(word.facts().guards().containsAll(range(window.first()))).isTrue();
        assertThat(word.facts().listeners())
                .noneMatch(listener -> range(window.first()).contains(listener.port()));
    }

    @Test
    void aGatewayThatWasKilledIsHealedOnItsPortsAndTold() throws Exception {
        ControlPlane plane = plane(0);
        NodeProcess main = node("main", plane).start();
        ready(plane, "main");
        int gateway = main.gatewayPid();

        long killed = System.nanoTime();
        ProcessHandle.of(gateway).orElseThrow().destroyForcibly();
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> plane.instance("main")
                .filter(view -> view.report().state() == GatewayState.BACKOFF)
                .isPresent());
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));

        await().atMost(SOON).until(() -> main.gatewayPid() != gateway && isReady(plane, "main"));
        assertThat(plane.instance("main")).hasValueSatisfying(view -> {
            assertThat(view.report().restarts()).isEqualTo(1);
            assertThat(view.lease()).isNotNull().satisfies(lease -> assertThat(lease.base())
                    .isEqualTo(window.first()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hangs", "never ends"})
    void aGatewayThatWasKilledIsHealedWhileTheRegistry(String how) throws Exception {
        FakeRegistry registry = fake(window.first());
        NodeProcess main = node("main", registry).start();
        await().atMost(SOON).until(() -> says(registry, "main", GatewayState.RUNNING));
        int gateway = main.gatewayPid();

        FakeRegistry.Answer none =
                how.equals("hangs") ? new FakeRegistry.Answer.Hang() : new FakeRegistry.Answer.Drip();
        registry.onHeartbeat = (key, word) -> none;
        registry.onRegister = (key, word) -> none;
        int asked = registry.heartbeats.size();
        await().atMost(SOON).until(() -> registry.heartbeats.size() > asked);
        ProcessHandle.of(gateway).orElseThrow().destroyForcibly();

        await().atMost(SOON).until(() -> main.gatewayPid() != gateway && main.gatewayPid() > 0);
        // It is told, too, as soon as somebody listens.
        registry.onHeartbeat = registry::renew;
        registry.onRegister = registry::lend;
        await().atMost(SOON).untilAsserted(() -> {
            Heartbeat last = last(registry, "main");
            assertThat(last).isNotNull();
            assertThat(last.gateway().restarts()).isEqualTo(1);
            assertThat(last.gateway().state()).isEqualTo(GatewayState.RUNNING);
        });
        assertThat(Objects.requireNonNull(last(registry, "main")).lease().base())
                .isEqualTo(window.first());
    }

    private ControlPlane plane(int port) throws Exception {
        ControlPlane plane = new ControlPlane(window.ports(), port);
        open.add(plane);
        return plane;
    }

    private FakeRegistry fake(Integer... bases) throws Exception {
        FakeRegistry registry = new FakeRegistry(bases);
        open.add(registry);
        return registry;
    }

    private NodeProcess node(String name, ControlPlane plane) {
        return node(new NodeProcess(fleet, name, List.of(plane.url())));
    }

    private NodeProcess node(String name, FakeRegistry registry) {
        return node(new NodeProcess(fleet, name, List.of(registry.url())));
    }

    /** Nodes are ended before the control plane that they speak to. */
    private NodeProcess node(NodeProcess node) {
        open.add(0, node);
        return node;
    }

    private static InstanceView ready(ControlPlane plane, String name) {
        await().atMost(SOON).until(() -> isReady(plane, name));
        return plane.instance(name).orElseThrow();
    }

    private static boolean isReady(ControlPlane plane, String name) {
        return plane.instance(name)
                .filter(InstanceView::present)
                .map(InstanceView::report)
                .filter(report -> report.state() == GatewayState.RUNNING)
                .flatMap(report -> Optional.ofNullable(report.probe()))
                .filter(probe -> probe.ready())
                .isPresent();
    }

    private static @Nullable Heartbeat last(FakeRegistry registry, String name) {
        return registry.heartbeats.stream()
                .filter(beat -> beat.lease().holder().instance().value().equals(name))
                .reduce((before, last) -> last)
                .orElse(null);
    }

    private static boolean says(FakeRegistry registry, String name, GatewayState state) {
        Heartbeat last = last(registry, name);
        return last != null && last.guard() == GuardState.HELD && last.gateway().state() == state;
    }

    private static int gatewayPid(NodeProcess node) {
        try {
            return node.gatewayPid();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    private static long residentKilobytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
