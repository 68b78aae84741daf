package io.gatefleet.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;

/** The meters that every service has: its build and its JVM. */
public final class Meters {
    private static final int[] ANSWER_MILLIS = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000};

    private Meters() {}

    /** Bucket bounds for the time an answer takes: a dozen, where a default histogram would have seventy. */
    public static Duration[] answerTimes() {
        return Arrays.stream(ANSWER_MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /** A registry of its own for one service; services that share a JVM have one each. */
    public static PrometheusMeterRegistry of(String service) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        // Listens to the collector for as long as the JVM lives, as the registry does.
        @SuppressWarnings("resource")
        JvmGcMetrics collector = new JvmGcMetrics();
        collector.bindTo(meters);
        Gauge.builder("gatefleet.build", () -> 1)
                .description("Always 1; the labels say what runs")
                .tag("service", service)
                .tag("version", Version.current())
                .register(meters);
        return meters;
    }
}
