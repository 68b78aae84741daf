package io.gatefleet.health;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ServiceProcess;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A health-aggregator on a port of the kernel's choice. */
final class HealthUnderTest {
    final PrometheusMeterRegistry meters = Meters.of("test");
    final Vertx vertx = ServiceProcess.vertx(meters);
    private final WebClient client = WebClient.create(vertx);
    private final HealthVerticle health;

    HealthUnderTest(HealthConfig config) {
        health = new HealthVerticle(config.listeningOn("127.0.0.1", 0), meters);
    }

    void start() throws TimeoutException {
        await(vertx.deployVerticle(health));
    }

    void close() throws TimeoutException {
        await(vertx.close());
    }

    int port() {
        return health.port();
    }

    void tell(Beat beat) {
        Instances.ANNOUNCED.tell(vertx.eventBus(), beat);
    }

    HttpResponse<Buffer> get(String path) throws TimeoutException {
        return await(client.get(health.port(), "127.0.0.1", path).send());
    }

    <T> T get(String path, Class<T> type) throws TimeoutException {
        return Wire.LENIENT.read(get(path).body(), type);
    }

    static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
