package io.gatefleet.node;

import static io.gatefleet.node.LivingNode.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.DesiredState.Run;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.node.FakeRegistry.Answer;
import io.gatefleet.node.command.KeptOrders;
import io.gatefleet.node.gateway.Gateway.Standing;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.port.FreeWindow;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does with commands, over real HTTP and on a real disk; only the gateway and the registry are fakes. */
class NodeCommandsTest {
    private static final int WIDTH = LAYOUT.footprint().span();
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final List<LivingNode> nodes = new ArrayList<>();
    private FreeWindow window;
    private FakeRegistry registry;
    private int base;

    @BeforeEach
    void open() throws TimeoutException {
        window = FreeWindow.of(WIDTH);
        base = window.first();
        registry = new FakeRegistry(base);
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

    private LivingNode node() throws IOException {
        LivingNode node = new LivingNode(vertx, directory, registry, "main");
        nodes.add(node);
        return node;
    }

    private LivingNode running() throws IOException {
        LivingNode node = node();
        node.begin();
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        return node;
    }

    private void ask(LivingNode node, String id, Order order) {
        registry.command(new Command(new CommandId(id), node.key, order, "maria", "a test", 10_000));
    }

    private void hears(String... results) {
        await().atMost(SOON).untilAsserted(() -> assertThat(registry.results)
                .extracting(result -> result.substring(0, result.indexOf(':')))
                .containsExactly(results));
    }

    private static boolean wants(LivingNode node, DesiredState desired) {
        return node.lastBeat()
                .filter(beat -> desired.equals(beat.gateway().desired()))
                .isPresent();
    }

    /** What stands on the disk of a node that was killed in the middle of a command. */
    private LivingNode begun(Run run, String id, Order order, @Nullable Standing gateway) throws IOException {
        InstanceHome home = InstanceHome.of(directory, new InstanceId("main"));
        home.create();
        KeptOrders.Begun begun = new KeptOrders.Begun(
                new CommandId(id),
                order,
                gateway == null ? null : gateway.pid(),
                gateway == null ? null : gateway.startTime());
        Files.write(
                home.commandsFile(),
                Wire.STRICT
                        .write(new KeptOrders(DesiredState.RUNNING.with(run), begun, List.of()))
                        .getBytes());
        return node();
    }

    @Test
    void aRestartStopsAndStartsOnTheSameLease() throws Exception {
        LivingNode node = running();

        ask(node, "restart-1", new Order.Restart());

        hears("restart-1 done");
        assertThat(node.gateway.done).containsExactly("start " + base, "stop", "start " + base);
        assertThat(registry.registrations).hasSize(1);
    }

    @Test
    void whatHasOneIdIsDoneOnceAndAnsweredAgain() throws Exception {
        LivingNode node = running();
        ask(node, "restart-1", new Order.Restart());
        hears("restart-1 done");

        ask(node, "restart-1", new Order.Restart());

        hears("restart-1 done", "restart-1 done");
        assertThat(node.gateway.done).containsOnlyOnce("stop");
    }

    @Test
    void aStoppedInstanceKeepsLeaseAndGuardAndStaysStoppedAcrossARestartOfItsNode() throws Exception {
        LivingNode node = running();
        ask(node, "stop-0001", new Order.Stop());
        hears("stop-0001 done");
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.STOPPED));
        assertThat(wants(node, DesiredState.RUNNING.with(Run.STOPPED))).isTrue();
        assertThat(node.gateway.done).containsExactly("start " + base, "stop within 10", "stop");
        node.leave();
        node.quit.get(15, TimeUnit.SECONDS);

        LivingNode next = node();
        next.begin();

        await().atMost(SOON).until(() -> next.lastBeat()
                .filter(beat -> beat.guard() == GuardState.HELD)
                .filter(beat -> beat.gateway().state() == GatewayState.STOPPED)
                .isPresent());
        assertThat(next.gateway.done).isEmpty();
        ask(next, "start-0001", new Order.Start());
        hears("stop-0001 done", "start-0001 done");
        assertThat(next.gateway.done).containsExactly("start " + base);
        await().atMost(SOON).until(() -> wants(next, DesiredState.RUNNING));
    }

    @Test
    void aDrainTakesItsTimeAndAStopHurriesIt() throws Exception {
        LivingNode node = running();
        node.gateway.stopTakes(Duration.ofMinutes(5));

        ask(node, "drain-001", new Order.Drain());
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.DRAINING));
        assertThat(wants(node, DesiredState.RUNNING.with(Run.DRAINED))).isTrue();
        ask(node, "stop-0001", new Order.Stop());

        hears("drain-001 done", "stop-0001 done");
        assertThat(node.gateway.done).startsWith("start " + base, "stop", "stop within 10");
    }

    @Test
    void aCordonedGatewayRunsOnAndIsNotStartedAgain() throws Exception {
        LivingNode node = running();
        ask(node, "cordon-01", new Order.Cordon());
        hears("cordon-01 done");
        assertThat(node.gateway.done).containsExactly("start " + base, "hold");
        await().atMost(SOON).until(() -> wants(node, DesiredState.RUNNING.withCordon(true)));

        ask(node, "restart-1", new Order.Restart());
        hears("cordon-01 done", "restart-1 refused");
        node.gateway.die();
        ask(node, "start-0001", new Order.Start());
        hears("cordon-01 done", "restart-1 refused", "start-0001 refused");

        ask(node, "uncordon-1", new Order.Uncordon());
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.RUNNING));
        assertThat(node.gateway.done).containsExactly("start " + base, "hold", "let go", "start " + base);
    }

    @Test
    void maintenanceIsSaidAndTouchesNothing() throws Exception {
        LivingNode node = running();

        ask(node, "maintain1", new Order.Maintenance(true));
        await().atMost(SOON).until(() -> wants(node, DesiredState.RUNNING.withMaintenance(true)));
        ask(node, "maintain2", new Order.Maintenance(false));
        await().atMost(SOON).until(() -> wants(node, DesiredState.RUNNING));

        hears("maintain1 done", "maintain2 done");
        assertThat(node.gateway.done).containsExactly("start " + base, "let go", "let go");
    }

    @Test
    void aLogTailIsAnsweredAndKeptNowhere() throws Exception {
        LivingNode node = running();

        ask(node, "tail-0001", new Order.LogTail(2));

        hears("tail-0001 done");
        assertThat(Files.exists(node.home.commandsFile())).isFalse();
    }

    @Test
    void aCommandThatIsTooLateIsNotBegun() throws Exception {
        LivingNode node = running();

        registry.command(new Command(new CommandId("restart-1"), node.key, new Order.Restart(), "maria", null, 0));

        hears("restart-1 not-done");
        assertThat(node.gateway.done).containsExactly("start " + base);
    }

    @Test
    void whatHadToWaitForLongerThanItsDeadlineIsNotDone() throws Exception {
        LivingNode node = running();
        node.gateway.stopTakes(Duration.ofMinutes(5));
        ask(node, "drain-001", new Order.Drain());
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.DRAINING));

        registry.command(new Command(new CommandId("start-0001"), node.key, new Order.Start(), "maria", null, 300));

        hears("start-0001 not-done");
        node.gateway.stopTakes(Duration.ZERO);
        ask(node, "stop-0001", new Order.Stop());
        hears("start-0001 not-done", "drain-001 done", "stop-0001 done");
    }

    @Test
    void aGatewayThatCannotBeStartedIsAFailure() throws Exception {
        LivingNode node = running();
        node.gateway.startFailure = new IllegalStateException("no such program");

        ask(node, "restart-1", new Order.Restart());

        await().atMost(SOON).until(() -> registry.results.contains("restart-1 failed: no such program"));
    }

    @Test
    void aCommandForAnotherInstanceIsIgnored() throws Exception {
        LivingNode node = running();

        registry.command(new Command(
                new CommandId("stop-0001"),
                new InstanceKey(node.key.host(), new InstanceId("other")),
                new Order.Stop(),
                "maria",
                null,
                10_000));

        await().atMost(SOON).until(() -> registry.nexts.get() >= 2 || registry.heartbeats.size() > 20);
        assertThat(node.gateway.done).containsExactly("start " + base);
        assertThat(registry.results).isEmpty();
    }

    @Test
    void aResultIsSaidUntilItIsHeard() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        registry.onResult = result -> tries.incrementAndGet() < 3 ? new Answer.Hang() : new Answer.Text(204, "", "");
        LivingNode node = running();

        ask(node, "restart-1", new Order.Restart());

        hears("restart-1 done");
        assertThat(tries).hasValue(3);
    }

    @Test
    void aNodeThatWasKilledBeforeItStoppedTheGatewayDoesSoInItsNextLife() throws Exception {
        LivingNode node = begun(Run.RUNNING, "restart-1", new Order.Restart(), FakeGateway.standing(lease()));
        node.gateway.standOn(lease());

        node.begin();

        hears("restart-1 done");
        assertThat(node.gateway.done).containsExactly("adopt " + base, "stop", "start " + base);
    }

    @Test
    void aNodeThatWasKilledAfterItStoppedTheGatewayStartsItAndDoesNotStopTheNewOne() throws Exception {
        LivingNode node = begun(Run.RUNNING, "restart-1", new Order.Restart(), FakeGateway.standing(lease()));

        node.begin();

        hears("restart-1 done");
        assertThat(node.gateway.done).containsExactly("start " + base);
    }

    @Test
    void whatIsGivenOutAgainBeforeItIsGoneOnWithIsDoneOnce() throws Exception {
        LivingNode node = begun(Run.RUNNING, "restart-1", new Order.Restart(), FakeGateway.standing(lease()));
        ask(node, "restart-1", new Order.Restart());
        ask(node, "tail-0001", new Order.LogTail(1));

        node.begin();

        await().atMost(SOON)
                .until(() -> registry.results.stream().anyMatch(result -> result.startsWith("tail-0001"))
                        && registry.results.stream().anyMatch(result -> result.startsWith("restart-1")));
        ask(node, "start-0001", new Order.Start());
        await().atMost(SOON)
                .until(() -> registry.results.stream().anyMatch(result -> result.startsWith("start-0001 done")));
        assertThat(node.gateway.done).containsExactly("start " + base);
    }

    @Test
    void aNodeThatWasKilledAfterItStartedTheNewGatewayLeavesThatAlone() throws Exception {
        Standing before = FakeGateway.standing(lease());
        Standing older = new Standing(
                before.pid(), before.startTime() - 1, base, before.footprint(), before.layout(), before.fence());
        LivingNode node = begun(Run.RUNNING, "restart-1", new Order.Restart(), older);
        node.gateway.standOn(lease());

        node.begin();

        hears("restart-1 done");
        assertThat(node.gateway.done).containsExactly("adopt " + base);
    }

    @Test
    void aNodeThatWasKilledInTheMiddleOfADrainGoesOnDraining() throws Exception {
        LivingNode node = begun(Run.DRAINED, "drain-001", new Order.Drain(), FakeGateway.standing(lease()));
        node.gateway.standOn(lease());

        node.begin();

        hears("drain-001 done");
        assertThat(node.gateway.done).containsExactly("adopt " + base, "stop");
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.STOPPED));
    }

    private Lease lease() {
        return new Lease(
                new InstanceKey(new HostId("mill"), new InstanceId("main")),
                new Incarnation(1),
                base,
                LAYOUT.footprint(),
                LAYOUT.name(),
                1,
                LeaseState.CONFIRMED);
    }

    @Test
    void aRegistryThatAnswersNonsenseIsAskedMoreSlowlyAndTheGatewayIsLookedAfter() throws Exception {
        registry.onNext = query -> new Answer.Text(200, "application/json", "{\"id\":");
        LivingNode node = running();
        await().atMost(SOON).until(() -> registry.nexts.get() >= 4);
        long asked = registry.nexts.get();
        int beats = registry.heartbeats.size();

        await().atMost(SOON).until(() -> registry.heartbeats.size() >= beats + 10);

        assertThat(registry.nexts.get() - asked).isLessThan(10);
        registry.onNext = query -> new Answer.Await();
        ask(node, "tail-0001", new Order.LogTail(1));
        hears("tail-0001 done");
    }

    @Test
    void whoAsksEverySoOftenIsNotTakenForNonsenseHoweverLong() throws Exception {
        LivingNode node = running();
        int row = 50;
        int more = 5;
        long late = 0;
        for (int i = 1; i <= row + more; i++) {
            await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(registry::waits);
            late = i == row ? System.nanoTime() : late;
            vertx.timer(120, TimeUnit.MILLISECONDS).await(5, TimeUnit.SECONDS); // An operator is not faster.
            ask(node, "tail-%04d".formatted(i), new Order.LogTail(1));
        }

        await().atMost(SOON).until(() -> registry.results.stream().anyMatch(result -> result.startsWith("tail-0055 ")));
        assertThat(Duration.ofNanos(System.nanoTime() - late))
                .as("as nonsense, each would have waited for 5 s")
                .isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aNodeThatEndsRefusesWhatItHasNotBegun() throws Exception {
        LivingNode node = running();
        node.gateway.stopTakes(Duration.ofSeconds(1));
        ask(node, "drain-001", new Order.Drain());
        await().atMost(SOON).until(() -> node.says(GuardState.HELD, GatewayState.DRAINING));
        ask(node, "start-0001", new Order.Start());
        await().atMost(SOON).until(() -> registry.nexts.get() >= 3);

        node.leave();
        node.quit.get(15, TimeUnit.SECONDS);

        assertThat(registry.results).anyMatch(result -> result.startsWith("start-0001 refused"));
        assertThat(KeptOrders.read(node.home).result(new CommandId("drain-001")))
                .get()
                .isInstanceOf(CommandResult.Done.class);
    }

    @Test
    void whatCannotBeReadIsPutAsideAndTheGatewayRuns() throws Exception {
        LivingNode first = running();
        ask(first, "stop-0001", new Order.Stop());
        hears("stop-0001 done");
        first.leave();
        first.quit.get(15, TimeUnit.SECONDS);
        Files.writeString(first.home.commandsFile(), "{");

        running();

        assertThat(first.home.commandsFile().resolveSibling("commands.json.unreadable"))
                .exists();
    }
}
