package io.gatefleet.health;

import static io.gatefleet.health.verdict.Told.key;
import static io.gatefleet.health.verdict.Told.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.health.verdict.Told;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All three services on one bus: from a node's word to the verdict. */
class ControlPlaneIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Footprint WIDE = Footprint.contiguous(111);

    @SuppressWarnings("NullAway.Init")
    private HealthUnderTest health;

    private final Map<InstanceKey, Lease> leases = new ConcurrentHashMap<>();
    private long sequence;

    private void start(VerdictRules rules) throws TimeoutException {
        health = new HealthUnderTest(
                HealthConfig.defaults().withTick(Duration.ofMillis(50)).withRules(rules));
        health.start();
        HealthUnderTest.await(Future.all(
                health.vertx.deployVerticle(new AllocatorVerticle(
                        AllocatorConfig.defaults().withHttp("127.0.0.1", 0),
                        new InMemoryLedgerStore(),
                        Meters.of("allocator"))),
                health.vertx.deployVerticle(new RegistryVerticle(
                        RegistryConfig.defaults().listeningOn("127.0.0.1", 0).withAskTimeout(SOON),
                        Meters.of("registry")))));
    }

    @AfterEach
    void close() throws TimeoutException {
        health.close();
    }

    @Test
    void aFleetIsLentDisjointPortsSeenReadyAndSeenToGo() throws TimeoutException {
        start(VerdictRules.defaults());
        List<InstanceKey> keys = new ArrayList<>();
        for (int host = 0; host < 3; host++) {
            for (int instance = 0; instance < 10; instance++) {
                keys.add(key("h" + host + "/g" + instance));
            }
        }
        // All at once, as after a power cut.
        HealthUnderTest.await(Future.all(keys.stream().map(this::join).toList()));
        for (int host = 0; host < 3; host++) {
            String name = "h" + host;
            PortSet lent = leases.entrySet().stream()
                    .filter(lease -> lease.getKey().host().value().equals(name))
                    .map(lease -> lease.getValue().ports())
                    .reduce(PortSet.EMPTY, PortSet::plus);
            assertThat(lent.size()).as("ports lent on %s, each once", name).isEqualTo(1110);
        }
        await().atMost(SOON).until(() -> fleet().counts().getOrDefault(Verdict.State.STARTING, 0) == 30);

        HealthUnderTest.await(Future.all(keys.stream()
                .map(key -> beat(key, report(GatewayState.RUNNING, null, Told.GOOD, List.of())))
                .toList()));
        await().atMost(SOON).until(() -> fleet().counts().getOrDefault(Verdict.State.READY, 0) == 30);

        // Half of them say goodbye, one breaks; the others go on.
        HealthUnderTest.await(
                Future.all(keys.subList(0, 15).stream().map(this::leave).toList()));
        InstanceKey broken = keys.get(20);
        HealthUnderTest.await(beat(broken, report(GatewayState.EXITED, 78, null, List.of())));
        await().atMost(SOON)
                .until(() -> fleet().instances() == 15 && !fleet().problems().isEmpty());
        FleetHealthView fleet = fleet();
        assertThat(fleet.problems()).extracting(ProblemReport::code).contains("config-refused");
        assertThat(fleet.problems().get(0).affected()).contains(broken);
    }

    @Test
    void aHostWhoseNodesAllFallSilentIsOneProblem() throws TimeoutException {
        start(VerdictRules.defaults().withSilence(Duration.ofSeconds(3), Duration.ofSeconds(6)));
        InstanceKey speaking = key("barn/main");
        List<InstanceKey> silent = List.of(key("mill/main"), key("mill/rescue"));
        HealthUnderTest.await(join(speaking));
        HealthUnderTest.await(Future.all(silent.stream().map(this::join).toList()));
        FleetHealthView[] seen = new FleetHealthView[1];

        await().atMost(SOON.plus(SOON)).pollInterval(Duration.ofMillis(200)).until(() -> {
            HealthUnderTest.await(beat(speaking, report(GatewayState.RUNNING, null, Told.GOOD, List.of())));
            seen[0] = fleet();
            // On a machine that stands still for seconds the speaking one may be missed, too, until its next word.
            return seen[0].counts().getOrDefault(Verdict.State.UNREACHABLE, 0) == 2
                    && seen[0].counts().getOrDefault(Verdict.State.READY, 0) == 1;
        });

        assertThat(seen[0].problems()).hasSize(1);
        ProblemReport problem = seen[0].problems().get(0);
        assertThat(problem.code()).isEqualTo("host-silent");
        assertThat(problem.affected()).isEqualTo(silent);
        assertThat(seen[0].selfPreservation().on()).isFalse();
    }

    private FleetHealthView fleet() throws TimeoutException {
        return health.get("/v1/fleet/health", FleetHealthView.class);
    }

    private Future<InstanceReply> join(InstanceKey key) {
        RegisterInstance word = new RegisterInstance(
                new Incarnation(1),
                Flavor.SIMULATED,
                null,
                "simulated-wide",
                WIDE,
                HostFacts.bare(new PortSpace("boot-of-" + key.host(), 1)),
                null,
                null,
                null,
                null,
                null);
        return Instances.REGISTER
                .ask(health.vertx.eventBus(), new RegisterCall(key, word), SOON)
                .map(reply -> {
                    assertThat(reply).isInstanceOf(InstanceReply.Registered.class);
                    leases.put(
                            key,
                            ((InstanceReply.Registered) reply).registration().lease());
                    return reply;
                });
    }

    private Future<InstanceReply> beat(InstanceKey key, GatewayReport report) {
        Lease lease = Objects.requireNonNull(leases.get(key), "joined before");
        return Instances.HEARTBEAT
                .ask(
                        health.vertx.eventBus(),
                        new HeartbeatCall(
                                key,
                                new Heartbeat(lease.incarnation(), ++sequence, GuardState.HELD, lease, report, null)),
                        SOON)
                .map(reply -> {
                    assertThat(reply).isInstanceOf(InstanceReply.Heard.class);
                    return reply;
                });
    }

    private Future<InstanceReply> leave(InstanceKey key) {
        return Instances.DEREGISTER.ask(
                health.vertx.eventBus(), new DeregisterCall(key, new Incarnation(1), true), SOON);
    }
}
