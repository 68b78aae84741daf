package io.gatefleet.runtime;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        return Vertx.builder()
                .with(options.setMetricsOptions(new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setLabels(EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))))
                .withMetrics(new MicrometerMetricsFactory(meters))
                .build();
    }

    /**
     * Deploys the verticle and returns; the process lives until it is told to end. On SIGTERM the verticle is undeployed
     * (it stops to accept, finishes, says goodbye), then Vert.x is closed.
     *
     * @return the exit code: 0, or 1 when it could not start
     */
    public static int run(String service, Vertx vertx, VerticleBase verticle) {
        try {
            vertx.deployVerticle(verticle).await(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException cause) {
            log.error("{} could not start", service, cause);
            vertx.close();
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, vertx), "stop-" + service));
        return 0;
    }

    private static void stop(String service, Vertx vertx) {
        log.info("{} stops", service);
        try {
            vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException cause) {
            log.warn("{} did not stop in order", service, cause);
        }
    }
}
