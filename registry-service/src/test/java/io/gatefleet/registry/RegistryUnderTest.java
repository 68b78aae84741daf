package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Announcement;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.cluster.Membership;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A registry on a port of the kernel's choice, with an allocator that does as it is told, and an ear for the news. */
final class RegistryUnderTest {
    final PrometheusMeterRegistry meters = Meters.of("test");
    final Vertx vertx = ServiceProcess.vertx(meters);
    final FakeAllocator allocator = new FakeAllocator();
    final Queue<Beat> beats = new ConcurrentLinkedQueue<>();
    final Queue<Departure> departures = new ConcurrentLinkedQueue<>();
    private final WebClient client = WebClient.create(vertx);
    private final RegistryVerticle registry;

    private String deployment = "";

    RegistryUnderTest(RegistryConfig config) {
        this(config, AuditLog.NONE);
    }

    RegistryUnderTest(RegistryConfig config, AuditLog audit) {
        registry = new RegistryVerticle(config.listeningOn("127.0.0.1", 0), Membership.ALONE, meters, audit);
    }

    int port() {
        return registry.port();
    }

    /** The registry alone; whoever speaks with it lives on. */
    void stop() throws TimeoutException {
        await(vertx.undeploy(deployment));
    }

    void start() throws TimeoutException {
        start(allocator.start(vertx));
    }

    /** With another allocator than the one that does as it is told. */
    void startWith(VerticleBase other) throws TimeoutException {
        start(vertx.deployVerticle(other));
    }

    private void start(Future<?> ledger) throws TimeoutException {
        await(Future.all(
                ledger,
                Instances.ANNOUNCED.hear(vertx.eventBus(), this::heard),
                vertx.deployVerticle(registry).onSuccess(id -> deployment = id)));
    }

    private void heard(Announcement told) {
        told.asBeat().ifPresent(beats::add);
        if (told instanceof Departure departure) {
            departures.add(departure);
        }
    }

    void close() throws TimeoutException {
        await(vertx.close());
    }

    HttpResponse<Buffer> register(InstanceKey key, RegisterInstance word) throws TimeoutException {
        return send(HttpMethod.PUT, path(key), Wire.LENIENT.write(word));
    }

    /** Registers, and gives the lease. */
    Lease join(InstanceKey key, long incarnation) throws TimeoutException {
        return read(register(key, Words.join(incarnation)), Registration.class).lease();
    }

    HttpResponse<Buffer> heartbeat(InstanceKey key, Heartbeat heartbeat) throws TimeoutException {
        return send(HttpMethod.POST, path(key) + "/heartbeats", Wire.LENIENT.write(heartbeat));
    }

    HttpResponse<Buffer> goodbye(InstanceKey key, long incarnation) throws TimeoutException {
        return request(HttpMethod.DELETE, path(key) + "?portsClosed=true&incarnation=" + incarnation);
    }

    Future<HttpResponse<Buffer>> async(String path) {
        return client.request(HttpMethod.GET, registry.port(), "127.0.0.1", path)
                .send();
    }

    HttpResponse<Buffer> get(String path) throws TimeoutException {
        return request(HttpMethod.GET, path);
    }

    HttpResponse<Buffer> request(HttpMethod method, String path) throws TimeoutException {
        return await(client.request(method, registry.port(), "127.0.0.1", path).send());
    }

    HttpResponse<Buffer> send(HttpMethod method, String path, Buffer json) throws TimeoutException {
        return send(method, path, "application/json", json);
    }

    HttpResponse<Buffer> send(HttpMethod method, String path, String type, Buffer body) throws TimeoutException {
        return await(client.request(method, registry.port(), "127.0.0.1", path)
                .putHeader("content-type", type)
                .sendBuffer(body));
    }

    /** Insists that exactly so much was told. The registry tells it a moment later, in order. */
    void heardAll(int beatCount, int departureCount) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> beats.size() >= beatCount && departures.size() >= departureCount);
        Departure marker = new Departure(Words.key("marker", "marker"), new Incarnation(1), false);
        Beat last = Beat.ofRegistration(marker.instance(), Flavor.SIMULATED, Words.lease(marker.instance(), 1, 1));
        // After whatever waits now.
        vertx.setTimer(2 * News.WAIT_MILLIS, elapsed -> {
            Instances.ANNOUNCED.tell(vertx.eventBus(), marker);
            Instances.ANNOUNCED.tell(vertx.eventBus(), last);
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> beats.contains(last) && departures.contains(marker));
        beats.remove(last);
        departures.remove(marker);
        assertThat(beats).hasSize(beatCount);
        assertThat(departures).hasSize(departureCount);
    }

    static String path(InstanceKey key) {
        return "/v1/instances/" + key;
    }

    static <T> T read(HttpResponse<Buffer> response, Class<T> type) {
        return Wire.STRICT.read(response.body(), type);
    }

    static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
