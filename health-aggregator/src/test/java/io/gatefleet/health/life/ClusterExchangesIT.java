package io.gatefleet.health.life;

import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a cluster of JVMs: asked by one more member over the bus, and by nodes over HTTP. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterExchangesIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init")
    private static Plane plane;

    @SuppressWarnings("NullAway.Init")
    private static ClusterMember guest;

    @BeforeAll
    static void start() throws IOException {
        plane = new Plane(home, 2, 2, 0);
        plane.startAll();
        plane.allAreReady();
        guest = ClusterMember.join("guest", plane.guest(), Meters.of("guest"));
        plane.allAreReady();
    }

    @AfterAll
    static void close() throws TimeoutException {
        if (guest != null) {
            guest.vertx().close().await(20, TimeUnit.SECONDS);
            guest.leave();
        }
        plane.close();
    }

    @Nested
    class OverTheBus extends ExchangeContract {
        @Override
        Speaker speaker() {
            return new BusSpeaker(guest.vertx().eventBus());
        }

        @Override
        void everybodyKnows(InstanceKey key) {
            everyRegistryKnows(key);
        }
    }

    @Nested
    class OverHttp extends ExchangeContract {
        private final Speaker speaker = new HttpSpeaker(plane.registries());

        @Override
        Speaker speaker() {
            return speaker;
        }

        @Override
        void everybodyKnows(InstanceKey key) {
            everyRegistryKnows(key);
        }
    }

    private static void everyRegistryKnows(InstanceKey key) {
        for (URI registry : plane.registries()) {
            await().atMost(Plane.SOON).until(() -> CLIENT.send(
                            HttpRequest.newBuilder(
                                            registry.resolve("/v1/instances/" + key.host() + "/" + key.instance()))
                                    .build(),
                            BodyHandlers.ofString())
                    .body()
                    .contains("\"present\":true"));
        }
    }
}
