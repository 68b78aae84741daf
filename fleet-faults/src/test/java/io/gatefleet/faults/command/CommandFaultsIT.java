package io.gatefleet.faults.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.faults.NodeProcess;
import io.gatefleet.testing.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Commands while their registry or their node is killed: done once, or said not to be done. */
class CommandFaultsIT extends OnACommandedFleet {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration OFTEN = Duration.ofMillis(50);

    @Test
    void whenTheRegistryThatWasAskedIsKilledTheSameIdAtTheOtherOneIsDoneOnce() throws Exception {
        drainsFor(4_000);
        int before = node.gatewayPid();
        int starts = node.starts();
        operator.post(0, "orphan", new Order.Restart());
        fleet.isSaidToBe(GatewayState.DRAINING);

        fleet.killRegistry(0);
        try {
            CommandView view = operator.done(1, "orphan", new Order.Restart());

            assertThat(Operator.result(view).said()).contains("restarted");
            assertThat(node.gatewayPid()).isNotEqualTo(before);
            assertThat(node.starts()).isEqualTo(starts + 1);
        } finally {
            fleet.startRegistry(0);
        }
    }

    @Test
    void aNodeThatIsKilledInTheMiddleIsSuspectAtOnceAndFinishesInItsNextLife() throws Exception {
        drainsFor(3_000);
        int before = node.gatewayPid();
        int starts = node.starts();
        operator.post(0, "middle", new Order.Restart());
        fleet.isSaidToBe(GatewayState.DRAINING);

        long killed = System.nanoTime();
        node.kill();
        isSuspect();
        Duration took = Duration.ofNanos(System.nanoTime() - killed);
        System.out.printf("a killed node was suspect after %d ms%n", took.toMillis());
        assertThat(took).as("sooner than by its silence").isLessThan(Duration.ofSeconds(8));
        assertThat(operator.find(1, "middle").orElseThrow().state())
                .as("not called undone")
                .isEqualTo(State.DELIVERED);
        node.start();

        assertThat(Operator.result(operator.waitFor(0, "middle"))).isInstanceOf(CommandResult.Done.class);
        fleet.becomesReady();
        assertThat(node.gatewayPid()).isNotEqualTo(before);
        assertThat(node.starts()).as("in all its lives").isEqualTo(starts + 1);
    }

    @Test
    void aNodeThatIsKilledBetweenDoingAndAnsweringDoesItNoSecondTime() throws Exception {
        drainsFor(2_000);
        int starts = node.starts();
        operator.post(1, "between", new Order.Restart());
        fleet.isSaidToBe(GatewayState.DRAINING);
        fleet.signalRegistries(Signal.STOP);
        try {
            // Nobody can hear its answer.
            await().atMost(SOON)
                    .pollInterval(OFTEN)
                    .until(() -> node.kept().result(Operator.id("between")).isPresent());
            node.kill();
        } finally {
            fleet.signalRegistries(Signal.CONT);
        }
        int restarted = node.gatewayPid();
        node.start();

        await().atMost(SOON)
                .pollInterval(OFTEN)
                .until(() -> operator.find(1, "between").orElseThrow().result() instanceof CommandResult.Done);
        fleet.becomesReady();
        assertThat(node.gatewayPid()).isEqualTo(restarted);
        assertThat(node.starts()).isEqualTo(starts + 1);
    }

    @Test
    void withoutItsNodeACommandIsNotDoneAndNotDoneLater() throws Exception {
        int gateway = node.gatewayPid();
        node.kill();
        try {
            isSuspect(); // Until its request is known to be broken, a command may be on its way to nobody: that is
            // unknown.
            operator.post(0, "nobody", new WantedCommand(new Order.Stop(), "test", null, 1_500L));

            assertThat(Operator.result(operator.waitFor(0, "nobody"))).isInstanceOf(CommandResult.NotDone.class);
        } finally {
            node.start();
        }
        operator.done(0, "after", new Order.LogTail(1));
        assertThat(node.gatewayPid()).isEqualTo(gateway);
        assertThat(NodeProcess.lives(gateway)).isTrue();
    }

    @Test
    void cordonAndMaintenanceSurviveTheirNode() throws Exception {
        operator.done(0, "cordon", new Order.Cordon());
        operator.done(1, "maintenance-on", new Order.Maintenance(true));
        fleet.becomes(Verdict.State.MAINTENANCE, "in-maintenance");
        int gateway = node.gatewayPid();

        node.kill();
        node.start();

        operator.done(0, "heard-again", new Order.LogTail(1));
        fleet.isSaidToBe(GatewayState.RUNNING);
        assertThat(fleet.health().gateway().desired())
                .isEqualTo(DesiredState.RUNNING.withCordon(true).withMaintenance(true));
        assertThat(fleet.health().verdict().reason()).isEqualTo("in-maintenance");
        assertThat(operator.problems()).doesNotContain("mill");
        assertThat(node.gatewayPid()).as("adopted").isEqualTo(gateway);
        operator.done(1, "maintenance-off", new Order.Maintenance(false));
        operator.done(1, "uncordon", new Order.Uncordon());
        fleet.becomesReady();
    }

    @Test
    void aGatewayThatItsNodeAdoptedIsStoppedAndStaysStoppedInTheNextLife() throws Exception {
        node.kill();
        node.start();
        operator.done(0, "adopted", new Order.LogTail(1));
        int gateway = node.gatewayPid();
        int starts = node.starts();

        operator.done(0, "stop", new Order.Stop());
        assertThat(NodeProcess.lives(gateway)).isFalse();
        fleet.becomes(Verdict.State.MAINTENANCE, "stopped");
        node.kill();
        node.start();
        operator.done(1, "still-stopped", new Order.LogTail(1));
        fleet.becomes(Verdict.State.MAINTENANCE, "stopped");
        assertThat(node.starts()).isEqualTo(starts);

        operator.done(0, "start", new Order.Start());
        fleet.becomesReady();
        assertThat(node.starts()).isEqualTo(starts + 1);
    }

    private void isSuspect() {
        await().atMost(SOON)
                .pollInterval(OFTEN)
                .until(() -> fleet.health().node().suspect());
    }

    /** From now on, and in this life of the gateway only. */
    private void drainsFor(int millis) throws Exception {
        node.simulate("{\"do\":\"drain\",\"millis\":" + millis + "}");
    }
}
