package io.gatefleet.health.life;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ServiceProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In one process, as {@code gatefleet up} has it. */
class LocalBusExchangesTest extends ExchangeContract {
    @SuppressWarnings("NullAway.Init")
    private static Vertx vertx;

    @BeforeAll
    static void start() throws TimeoutException {
        vertx = ServiceProcess.vertx(Meters.of("test"));
        Future.all(
                        vertx.deployVerticle(new AllocatorVerticle(
                                AllocatorConfig.defaults().withHttp("127.0.0.1", 0),
                                new InMemoryLedgerStore(),
                                Meters.of("test"))),
                        vertx.deployVerticle(new RegistryVerticle(
                                RegistryConfig.defaults().listeningOn("127.0.0.1", 0), Meters.of("test"))))
                .await(20, TimeUnit.SECONDS);
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Override
    Speaker speaker() {
        return new BusSpeaker(vertx.eventBus());
    }

    @Override
    void everybodyKnows(InstanceKey key) {
        // There is one book, and it was written before the answer.
    }
}
