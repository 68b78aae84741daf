package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.health.HealthMain;
import io.gatefleet.registry.RegistryMain;
import io.gatefleet.testing.FreePorts;
import io.gatefleet.testing.JavaProcess;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three allocators, two registries and an aggregator, each a JVM, and nodes that speak to them over HTTP. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MEMBERS = 6;
    private static final int CALLERS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path reservations;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final List<JavaProcess> started = new ArrayList<>();
    private final List<Integer> ports = FreePorts.of(2 * MEMBERS);
    private final List<SpeakingNode> nodes = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heard = new AtomicInteger();

    @AfterEach
    void endAll() throws InterruptedException {
        started.forEach(JavaProcess::close);
        for (JavaProcess service : started) {
            service.process().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMemberThatIsKilledAndOneThatIsRestartedAreMissedByNoNode() throws Exception {
        List<JavaProcess> allocators = List.of(allocator(0), allocator(1), allocator(2));
        List<JavaProcess> registries = List.of(service(RegistryMain.class, 3), service(RegistryMain.class, 4));
        JavaProcess health = service(HealthMain.class, 5);
        for (JavaProcess service : started) {
            isReady(service);
        }
        List<URI> urls = List.of(registries.get(0).http(), registries.get(1).http());
        for (int i = 0; i < 20; i++) {
            nodes.add(new SpeakingNode(client, urls, key("mill-" + i % 4, "first-" + i)));
        }
        for (SpeakingNode node : nodes) {
            node.join();
        }
        Map<InstanceKey, Integer> bases = bases();

        AtomicBoolean going = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            for (int thread = 0; thread < CALLERS; thread++) {
                List<SpeakingNode> some = List.copyOf(nodes.subList(5 * thread, 5 * thread + 5));
                threads.execute(() -> speak(some, going));
            }
            heardAgain(100);

            allocators.get(0).process().destroyForcibly();
            // While the others notice, new instances ask for ports.
            List<SpeakingNode> late = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                SpeakingNode node = new SpeakingNode(client, urls, key("mill-" + i % 4, "late-" + i));
                Insisting.on(node::join);
                late.add(node);
            }
            heardAgain(100);
            nodes.addAll(late);
            assertDisjointAndKnown(allocators.get(1));
            int lostToTheKill = failures.size();
            // A request that went to the dead one is asked again, and a write that waited for its copy is done again
            // after a second: both within the node's patience of some 4 s, if the machine is not very busy.
            assertThat(failures)
                    .as("heartbeats that failed when an allocator was killed")
                    .hasSizeLessThanOrEqualTo(2);

            JavaProcess back = allocator(0);
            isReady(back);
            heardAgain(100);
            failures.clear();
            JavaProcess told = allocators.get(1);
            told.tell();
            assertThat(told.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            heardAgain(100);
            assertThat(told.logToItsEnd()).anySatisfy(line -> assertThat(line).contains("port-allocator is gone"));
            assertThat(failures)
                    .as("heartbeats that failed when an allocator was stopped in order")
                    .isEmpty();
            System.out.printf("an allocator was killed: %d heartbeats failed%n", lostToTheKill);
            assertDisjointAndKnown(back);
        } finally {
            going.set(false);
            threads.shutdown();
            threads.awaitTermination(20, TimeUnit.SECONDS);
        }

        for (Map.Entry<InstanceKey, Integer> before : bases.entrySet()) {
            assertThat(bases()).containsEntry(before.getKey(), before.getValue());
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        get(health, "/v1/fleet/health", FleetHealthView.class).instances())
                .isEqualTo(40));
        for (JavaProcess registry : registries) {
            await().atMost(SOON).untilAsserted(() -> assertThat(
                            get(registry, "/v1/instances?limit=100").getJsonArray("items"))
                    .hasSize(40));
        }
    }

    private void speak(List<SpeakingNode> some, AtomicBoolean going) {
        try {
            while (going.get()) {
                for (SpeakingNode node : some) {
                    try {
                        node.beat();
                        heard.incrementAndGet();
                    } catch (IllegalStateException failed) {
                        failures.add(String.valueOf(failed.getMessage()));
                    }
                }
                TimeUnit.MILLISECONDS.sleep(20); // The pace of the load; nothing waits for it.
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void heardAgain(int more) {
        int before = heard.get();
        await().atMost(SOON).until(() -> heard.get() >= before + more);
    }

    private Map<InstanceKey, Integer> bases() {
        Map<InstanceKey, Integer> bases = new TreeMap<>();
        nodes.forEach(node -> bases.put(node.key(), node.lease().base()));
        return bases;
    }

    /** What the nodes hold does not overlap, and is what an allocator says they hold. */
    private void assertDisjointAndKnown(JavaProcess allocator) throws Exception {
        for (int host = 0; host < 4; host++) {
            String name = "mill-" + host;
            Map<String, Integer> held = new TreeMap<>();
            PortSet lent = PortSet.EMPTY;
            for (SpeakingNode node : nodes) {
                Lease lease = node.lease();
                if (node.key().host().value().equals(name)) {
                    assertThat(lent.overlaps(lease.ports()))
                            .as("%s of %s", lease, nodes)
                            .isFalse();
                    lent = lent.plus(lease.ports());
                    held.put(node.key().instance().value(), lease.base());
                }
            }
            Map<String, Integer> known = new TreeMap<>();
            for (Object item :
                    get(allocator, "/v1/hosts/" + name + "/leases?limit=100").getJsonArray("items")) {
                Lease lease = Wire.LENIENT.read(((JsonObject) item).toBuffer(), Lease.class);
                known.put(lease.holder().instance().value(), lease.base());
            }
            assertThat(known).isEqualTo(held);
        }
    }

    private JavaProcess allocator(int member) throws IOException {
        return service(
                AllocatorMain.class,
                member,
                "--offered",
                "PT10M",
                "--reservations",
                reservations.resolve("of-" + member).toString());
    }

    private JavaProcess service(Class<?> main, int member, String... more) throws IOException {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add("127.0.0.1:" + ports.get(2 * i));
        }
        List<String> options = new ArrayList<>(List.of(
                "--http-port",
                "0",
                "--cluster-name",
                "test-" + ports.get(0),
                "--cluster-members",
                String.join(",", members),
                "--cluster-port",
                ports.get(2 * member).toString(),
                "--cluster-bus-port",
                ports.get(2 * member + 1).toString()));
        options.addAll(List.of(more));
        JavaProcess service = JavaProcess.Call.of(main).start(options);
        started.add(service);
        return service;
    }

    private void isReady(JavaProcess service) throws InterruptedException {
        URI ready = service.http().resolve("/readyz");
        await().atMost(SOON)
                .until(() -> client.send(
                                        HttpRequest.newBuilder(ready)
                                                .timeout(Duration.ofSeconds(5))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    private JsonObject get(JavaProcess service, String path) throws Exception {
        return get(service, path, Buffer.class).toJsonObject();
    }

    private <T> T get(JavaProcess service, String path, Class<T> type) throws Exception {
        byte[] body = client.send(
                        HttpRequest.newBuilder(service.http().resolve(path))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        BodyHandlers.ofByteArray())
                .body();
        return type == Buffer.class ? type.cast(Buffer.buffer(body)) : Wire.LENIENT.read(body, type);
    }

    private static InstanceKey key(String host, String instance) {
        return new InstanceKey(new HostId(host), new InstanceId(instance));
    }
}
