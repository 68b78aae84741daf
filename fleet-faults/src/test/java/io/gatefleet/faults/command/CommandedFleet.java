package io.gatefleet.faults.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.faults.ClusterSeats;
import io.gatefleet.faults.NodeProcess;
import io.gatefleet.health.HealthMain;
import io.gatefleet.registry.RegistryMain;
import io.gatefleet.testing.JavaProcess;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An allocator, an aggregator and two registries in one cluster, and a node with a gateway: each a process. */
final class CommandedFleet implements AutoCloseable {
    static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration STARTS = Duration.ofSeconds(90);
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final int ALLOCATOR = 0;
    private static final int HEALTH = 1;
    private static final int FIRST_REGISTRY = 2;
    private static final int MEMBERS = 4;

    private final Path home;
    private final ClusterSeats seats = new ClusterSeats(MEMBERS);
    private final List<JavaProcess> members = new ArrayList<>();
    private final Operator operator;
    private final NodeProcess node;

    private CommandedFleet(Path home) {
        this.home = home;
        List<URI> registries =
                IntStream.range(FIRST_REGISTRY, MEMBERS).mapToObj(this::http).toList();
        this.operator = new Operator(MAIN, registries, http(HEALTH));
        this.node = new NodeProcess(home, MAIN, registries);
    }

    /** Starts all of it, and waits until the gateway is seen ready. */
    static CommandedFleet start(Path home) throws IOException, InterruptedException {
        CommandedFleet fleet = new CommandedFleet(home);
        for (int member = 0; member < MEMBERS; member++) {
            fleet.members.add(fleet.member(member));
        }
        fleet.node.start();
        for (int member = 0; member < MEMBERS; member++) {
            fleet.isReady(member);
        }
        await().atMost(STARTS).pollInterval(OFTEN).until(() -> fleet.operator.health().stream()
                .anyMatch(health -> health.verdict().state() == Verdict.State.READY));
        return fleet;
    }

    Operator operator() {
        return operator;
    }

    NodeProcess node() {
        return node;
    }

    /** What every member of the control plane has said. */
    Stream<String> said() {
        return members.stream().flatMap(member -> member.log().stream());
    }

    /** Where a registry, 0 or 1, writes what operators did. */
    Path audit(int registry) {
        return home.resolve("audit-" + registry + ".jsonl");
    }

    /** What the aggregator knows of the instance. */
    InstanceHealth health() throws InterruptedException {
        return operator.health().orElseThrow();
    }

    /** Waits for a verdict. */
    void becomes(Verdict.State state, String reason) {
        await().atMost(SOON).pollInterval(OFTEN).untilAsserted(() -> assertThat(health())
                .satisfies(health -> {
                    assertThat(health.verdict().state()).as("%s", health).isEqualTo(state);
                    assertThat(health.verdict().reason()).as("%s", health).isEqualTo(reason);
                }));
    }

    void becomesReady() {
        becomes(Verdict.State.READY, "ready");
    }

    /** Waits until the node is heard to say that of its gateway. */
    void isSaidToBe(GatewayState state) {
        await().atMost(SOON).pollInterval(OFTEN).until(() -> health().gateway().state() == state);
    }

    /** SIGKILL to a registry, 0 or 1. */
    void killRegistry(int registry) throws InterruptedException {
        members.get(FIRST_REGISTRY + registry).kill();
    }

    /** Its next life; waits until it takes work. */
    void startRegistry(int registry) throws IOException {
        int number = FIRST_REGISTRY + registry;
        members.set(number, member(number));
        isReady(number);
    }

    /** To both registries. */
    void signalRegistries(Signal signal) throws IOException, InterruptedException {
        for (JavaProcess registry : members.subList(FIRST_REGISTRY, MEMBERS)) {
            registry.signal(signal);
        }
    }

    @Override
    public void close() throws TimeoutException {
        try {
            node.close();
        } finally {
            members.forEach(JavaProcess::close);
            members.forEach(member ->
                    member.process().onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
    }

    private void isReady(int member) {
        await().atMost(STARTS).pollInterval(OFTEN).until(() -> operator.isReady(http(member)));
    }

    private URI http(int member) {
        return URI.create("http://127.0.0.1:" + seats.http(member));
    }

    private JavaProcess member(int member) throws IOException {
        List<String> options = seats.options(member);
        if (member == HEALTH) {
            return JavaProcess.Call.of(HealthMain.class).start(options);
        }
        if (member == ALLOCATOR) {
            options.addAll(
                    List.of("--reservations", home.resolve("reservations").toString()));
            return JavaProcess.Call.of(AllocatorMain.class).start(options);
        }
        options.addAll(List.of("--audit", audit(member - FIRST_REGISTRY).toString()));
        return JavaProcess.Call.of(RegistryMain.class).start(options);
    }
}
