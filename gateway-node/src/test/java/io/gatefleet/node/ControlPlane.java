package io.gatefleet.node;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real registry and the real allocator on the local bus of this process; forgets everything when it is closed. */
final class ControlPlane implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    // Kept: a client that nobody refers to is closed by the collector, in the middle of an answer too.
    private final WebClient client = WebClient.create(vertx);
    private final int port;

    /** @param port 0 for the kernel's choice */
    ControlPlane(PortSet pool, int port) throws TimeoutException {
        AllocatorConfig.Times times = new AllocatorConfig.Times(
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                Duration.ofMillis(500));
        AllocatorVerticle allocator = new AllocatorVerticle(
                AllocatorConfig.defaults()
                        .withHttp("127.0.0.1", 0)
                        .withPool(pool)
                        .withTimes(times),
                new InMemoryLedgerStore(),
                Meters.of("port-allocator"));
        RegistryVerticle registry =
                new RegistryVerticle(RegistryConfig.defaults().listeningOn("127.0.0.1", port), Meters.of("registry"));
        vertx.deployVerticle(allocator).await(20, TimeUnit.SECONDS);
        vertx.deployVerticle(registry).await(20, TimeUnit.SECONDS);
        this.port = registry.port();
    }

    int port() {
        return port;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** As the registry shows it. */
    Optional<InstanceView> instance(String name) {
        try {
            return client.get(port, "127.0.0.1", "/v1/instances/" + NodeProcess.HOST + "/" + name)
                    .send()
                    .map(response -> response.statusCode() == 200
                            ? Optional.of(Wire.LENIENT.read(response.body(), InstanceView.class))
                            : Optional.<InstanceView>empty())
                    .await(10, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
