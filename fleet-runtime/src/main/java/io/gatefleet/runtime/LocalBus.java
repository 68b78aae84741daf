package io.gatefleet.runtime;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxMetricsFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x for a process that joins no cluster. Its own builder makes everything that announces itself on the class path,
 * which is Hazelcast's cluster manager too, and loads some hundred classes that such a process never needs.
 */
public final class LocalBus {
    private LocalBus() {}

    /** @param meters null: none */
    public static Vertx vertx(VertxOptions options, @Nullable VertxMetricsFactory meters) {
        VertxBootstrap bootstrap = VertxBootstrap.create().options(options).serviceProviders(List.of());
        if (meters != null) {
            bootstrap.metricsFactory(meters);
        }
        return bootstrap.init().vertx();
    }
}
