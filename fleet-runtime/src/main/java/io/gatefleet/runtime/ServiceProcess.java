package io.gatefleet.runtime;

import io.gatefleet.runtime.cluster.CannotJoin;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service as a process of its own: starts its verticle, and stops it in order when it is told to end. */
public final class ServiceProcess {
    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 20;
    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /** Vert.x with its own meters in {@code meters}, without labels that grow with the fleet. */
    public static Vertx vertx(PrometheusMeterRegistry meters) {
        return vertx(meters, new VertxOptions());
    }

    /** The same with other options, for example fewer threads. */
    public static Vertx vertx(PrometheusMeterRegistry meters, VertxOptions options) {
        return LocalBus.vertx(measured(options), new MicrometerMetricsFactory(meters));
    }

    /** Vert.x as a member of a cluster. */
    public static Future<Vertx> clustered(
            PrometheusMeterRegistry meters, VertxOptions options, ClusterManager clusterManager) {
        // Told what there is, as on the local bus: found on the class path, the meters would be registered twice.
        return VertxBootstrap.create()
                .options(measured(options))
                .metricsFactory(new MicrometerMetricsFactory(meters))
                .clusterManager(clusterManager)
                .serviceProviders(List.of())
                .init()
                .clusteredVertx();
    }

    private static VertxOptions measured(VertxOptions options) {
        return options.setMetricsOptions(new MicrometerMetricsOptions()
                .setEnabled(true)
                .setLabels(EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME)));
    }

    /** The same with nothing left to do at the end. */
    public static int run(
            String service,
            Optional<ClusterConfig> cluster,
            PrometheusMeterRegistry meters,
            Supplier<VerticleBase> alone,
            Function<ClusterMember, VerticleBase> member) {
        return run(service, cluster, meters, alone, member, () -> {});
    }

    /**
     * Deploys a service's verticle, alone or as a member of a cluster, and returns; the process lives until it is told to
     * end. On SIGTERM the verticle is undeployed (it says that it is not ready, stops to accept, finishes), then Vert.x is
     * closed, then the member leaves.
     *
     * @param alone makes the verticle of a service that stands alone
     * @param member makes the verticle of a member of the cluster
     * @param lonelyEnd what is left to do when a service that stood alone has stopped
     * @return the exit code: 0, or 1 when it could not start
     */
    public static int run(
            String service,
            Optional<ClusterConfig> cluster,
            PrometheusMeterRegistry meters,
            Supplier<VerticleBase> alone,
            Function<ClusterMember, VerticleBase> member,
            Runnable lonelyEnd) {
        if (cluster.isEmpty()) {
            return run(service, vertx(meters), alone.get(), lonelyEnd);
        }
        ClusterMember joined;
        try {
            joined = ClusterMember.join(service, cluster.get(), meters);
        } catch (CannotJoin no) {
            // Its message is for the operator; the cause is for whoever helps, where there is one.
            log.error("{} does not join: {}", service, no.getMessage(), no.getCause());
            return 1;
        }
        return run(service, joined.vertx(), member.apply(joined), joined::leave);
    }

    private static int run(String service, Vertx vertx, VerticleBase verticle, Runnable leave) {
        try {
            vertx.deployVerticle(verticle).await(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException cause) {
            log.error("{} could not start", service, cause);
            stop(service, vertx, leave);
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, vertx, leave), "stop-" + service));
        return 0;
    }

    private static void stop(String service, Vertx vertx, Runnable leave) {
        log.info("{} stops", service);
        try {
            vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException cause) {
            log.warn("{} did not stop in order", service, cause);
        }
        leave.run();
        log.info("{} is gone", service);
    }
}
