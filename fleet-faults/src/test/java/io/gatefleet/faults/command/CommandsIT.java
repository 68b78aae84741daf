package io.gatefleet.faults.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.faults.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Each command from an operator's request to what the gateway and the aggregator show, with nothing broken. */
class CommandsIT extends OnACommandedFleet {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MEASURED = 20;

    @Test
    void stopAndStartAndDrainAndRestartKeepTheLeaseAndAreSeen() throws Exception {
        InstanceHealth before = fleet.health();
        int first = node.gatewayPid();

        operator.done(0, "stop", new Order.Stop());
        assertThat(NodeProcess.lives(first)).isFalse();
        fleet.becomes(Verdict.State.MAINTENANCE, "stopped");
        operator.done(1, "start", new Order.Start());
        fleet.becomesReady();
        int second = node.gatewayPid();
        assertThat(second).isNotEqualTo(first);
        operator.done(0, "restart", new Order.Restart());
        assertThat(NodeProcess.lives(second)).isFalse();
        fleet.becomesReady();
        int third = node.gatewayPid();
        assertThat(third).isNotEqualTo(second);
        operator.done(1, "drain", new Order.Drain());
        assertThat(NodeProcess.lives(third)).isFalse();
        fleet.becomes(Verdict.State.MAINTENANCE, "drained");
        operator.done(0, "start-again", new Order.Start());
        fleet.becomesReady();

        assertThat(fleet.health().lease()).as("the same all the time").isEqualTo(before.lease());
    }

    @Test
    void aCordonedGatewayThatIsKilledStaysDownUntilItIsUncordoned() throws Exception {
        operator.done(1, "cordon", new Order.Cordon());
        await().atMost(SOON).until(() -> DesiredState.RUNNING
                .withCordon(true)
                .equals(fleet.health().gateway().desired()));
        assertThat(operator.ended(0, "refused", new Order.Restart()).result())
                .isInstanceOf(CommandResult.Refused.class);
        int killed = node.gatewayPid();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        fleet.becomes(Verdict.State.DOWN, "process-exited");
        assertThat(fleet.health().verdict().sentence()).contains("cordoned");

        operator.done(0, "uncordon", new Order.Uncordon());

        fleet.becomesReady();
        assertThat(node.gatewayPid()).isNotEqualTo(killed);
    }

    @Test
    void inMaintenanceAKilledGatewayIsNoProblem() throws Exception {
        operator.done(0, "maintenance-on", new Order.Maintenance(true));
        fleet.becomes(Verdict.State.MAINTENANCE, "in-maintenance");
        int killed = node.gatewayPid();

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        await().atMost(SOON).until(() -> fleet.health().gateway().restarts() > 0);

        assertThat(fleet.health().verdict().reason()).isEqualTo("in-maintenance");
        assertThat(operator.problems()).doesNotContain("mill");
        operator.done(1, "maintenance-off", new Order.Maintenance(false));
        fleet.becomesReady();
    }

    @Test
    void theEndOfTheLogComesWithoutTheTokenAndIsInNoLogOfOurs() throws Exception {
        String token = node.token();
        node.simulate("{\"do\":\"log\",\"line\":\"my token is " + token + " and OPENAI_API_KEY=sk-abcdefghijklmnop\"}");
        node.simulate("{\"do\":\"log\",\"line\":\"the-last-line-of-all\"}");

        CommandView view = operator.done(1, "tail", new Order.LogTail(50));

        List<String> log = ((CommandResult.Done) Operator.result(view)).log();
        assertThat(log).isNotNull().hasSizeLessThanOrEqualTo(50);
        assertThat(String.join("\n", log == null ? List.of() : log))
                .contains("my token is [redacted]", "OPENAI_API_KEY=[redacted]", "the-last-line-of-all")
                .doesNotContain(token, "sk-abc");
        assertThat(node.log()).doesNotContain("the-last-line-of-all", token);
        assertThat(fleet.said()).noneMatch(line -> line.contains("the-last-line-of-all") || line.contains(token));
        for (int registry = 0; registry < 2; registry++) {
            assertThat(Files.readString(fleet.audit(registry))).doesNotContain("the-last-line-of-all", token);
        }
    }

    @Test
    void anyRegistryMayBeAskedAndEachCommandHasTwoAuditEntries() throws Exception {
        List<String> names = List.of("asked-here", "asked-there");
        for (int registry = 0; registry < 2; registry++) {
            operator.done(registry, names.get(registry), new Order.LogTail(1));
        }

        for (int registry = 0; registry < 2; registry++) {
            int asked = registry;
            String name = names.get(registry);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(outcomes(asked, name)).containsExactly("asked", "done"));
            assertThat(outcomes(1 - registry, name)).isEmpty();
        }
    }

    private List<String> outcomes(int registry, String name) throws IOException {
        return Files.readAllLines(fleet.audit(registry)).stream()
                .map(JsonObject::new)
                .filter(line -> Operator.id(name)
                        .value()
                        .equals(line.getJsonObject("facts").getString("id")))
                .map(line -> line.getString("outcome"))
                .toList();
    }

    /** The node says that it begins, with the reason that was given. What is told are bounds from above: a log is read. */
    @Test
    void commandsArriveAtOnce() throws Exception {
        for (int registry = 0; registry < 2; registry++) {
            long[] begun = new long[MEASURED];
            long[] answered = new long[MEASURED];
            for (int i = 0; i < MEASURED; i++) {
                String name = "measure-%d-%d".formatted(registry, i);
                int at = registry;
                long asked = System.nanoTime();
                CompletableFuture<CommandView> done = CompletableFuture.supplyAsync(() -> {
                    try {
                        return operator.done(at, name, new Order.LogTail(1));
                    } catch (IOException | InterruptedException cause) {
                        throw new IllegalStateException(name, cause);
                    }
                });
                await().atMost(SOON)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> node.log().contains(": for " + name + "\n"));
                begun[i] = System.nanoTime() - asked;
                done.join();
                answered[i] = System.nanoTime() - asked;
            }
            Arrays.sort(begun);
            Arrays.sort(answered);
            System.out.printf(
                    "registry %d: asked to begun p50 %.1f ms, max %.1f ms; asked to answered p50 %.1f ms, max %.1f ms%n",
                    registry,
                    begun[MEASURED / 2] / 1e6,
                    begun[MEASURED - 1] / 1e6,
                    answered[MEASURED / 2] / 1e6,
                    answered[MEASURED - 1] / 1e6);
            assertThat(begun[MEASURED / 2]).isLessThan(Duration.ofMillis(500).toNanos());
        }
    }
}
