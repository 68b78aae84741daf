package io.gatefleet.faults;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.health.HealthConfig;
import io.gatefleet.health.HealthVerticle;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.LocalBus;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An allocator, a registry and an aggregator on one bus in this process, each behind its own HTTP port. */
public final class EmbeddedPlane implements AutoCloseable {
    private final Vertx vertx = LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(3), null);
    private final AllocatorVerticle allocator = new AllocatorVerticle(
            AllocatorConfig.defaults().withHttp("127.0.0.1", 0), new InMemoryLedgerStore(), Meters.of("allocator"));
    private final RegistryVerticle registry =
            new RegistryVerticle(RegistryConfig.defaults().listeningOn("127.0.0.1", 0), Meters.of("registry"));
    private final HealthConfig config;
    private HealthVerticle health;
    private String healthId = "";
    private int healthPort;

    private EmbeddedPlane(HealthConfig config) {
        this.config = config;
        this.health = aggregator(0);
    }

    /** @param config of the aggregator; where it listens is the kernel's choice */
    public static EmbeddedPlane start(HealthConfig config) throws TimeoutException {
        EmbeddedPlane plane = new EmbeddedPlane(config);
        Future.all(plane.vertx.deployVerticle(plane.allocator), plane.vertx.deployVerticle(plane.registry))
                .await(30, TimeUnit.SECONDS);
        plane.startAggregator();
        return plane;
    }

    public Vertx vertx() {
        return vertx;
    }

    public URI allocator() {
        return at(allocator.port());
    }

    public List<URI> registries() {
        return List.of(at(registry.port()));
    }

    /** The same in all its lives. */
    public URI aggregator() {
        return at(healthPort);
    }

    /** Tells the aggregator a node's word as a registry would, that no registry heard. */
    public void tell(Beat beat) {
        Instances.ANNOUNCED.tell(vertx.eventBus(), beat);
    }

    /** Keeps ports out of what is lent, as an operator does. */
    public void reserve(HostId host, String name, String ports, String reason)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(allocator().resolve("/v1/hosts/" + host + "/reservations/" + name))
                .header("content-type", "application/json")
                .PUT(BodyPublishers.ofString(
                        JsonObject.of("ports", ports, "reason", reason).encode()))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }

    /** Ends the aggregator; everybody who watches it is cut off. */
    public void stopAggregator() throws TimeoutException {
        vertx.undeploy(healthId).await(20, TimeUnit.SECONDS);
    }

    /** Its next life, on the port of the one before; knows nothing of it. */
    public void startAggregator() throws TimeoutException {
        health = aggregator(healthPort);
        healthId = vertx.deployVerticle(health).await(30, TimeUnit.SECONDS);
        healthPort = health.port();
    }

    private HealthVerticle aggregator(int port) {
        return new HealthVerticle(config.listeningOn("127.0.0.1", port), Meters.of("health"));
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(30, TimeUnit.SECONDS);
    }
}
