package io.gatefleet.runtime;

import io.gatefleet.contract.service.ServicePresence;
import io.gatefleet.contract.service.Services;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Vertx;
import java.time.Duration;

/** How a service says that it is there: to registries, which tell Prometheus. */
public final class Presence {
    /** Between two words: news may be lost, and registries start later than those whom they shall know. */
    public static final Duration EVERY = Duration.ofSeconds(2);

    private Presence() {}

    /**
     * Says so now and every few seconds, until the verticle that calls this stops.
     *
     * @param httpHost where the service listens
     * @param port its own, once it listens
     */
    public static void tell(
            Vertx vertx, Membership membership, String service, String httpHost, int port, Protection protection) {
        String address = membership.httpAddress(httpHost);
        ServicePresence present =
                new ServicePresence(membership.id(), service, address, port, protection.tls() != null);
        vertx.setPeriodic(0, EVERY.toMillis(), tick -> Services.PRESENT.tell(vertx.eventBus(), present));
    }
}
