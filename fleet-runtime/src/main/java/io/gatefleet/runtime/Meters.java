package io.gatefleet.runtime;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.Arrays;

/** The meters that every service has: its build and its JVM. */
public final class Meters {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int[] ANSWER_MILLIS = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000};

    /** Two names of the library's that Prometheus' practice speaks against: one counts nanoseconds, one is no count of a summary. */
    private static final MeterFilter PROMETHEUS_NAMES = new MeterFilter() {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return id.getName().equals("process.cpu.time") ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }

        @Override
        public Meter.Id map(Meter.Id id) {
            return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
        }
    };

    private Meters() {}

    private static double cpuSeconds(OperatingSystemMXBean system) {
        return system instanceof com.sun.management.OperatingSystemMXBean here
                ? here.getProcessCpuTime() / NANOS_PER_SECOND
                : Double.NaN;
    }

    /** Bucket bounds for the time an answer takes: a dozen, where a default histogram would have seventy. */
    public static Duration[] answerTimes() {
        return Arrays.stream(ANSWER_MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /** A registry of its own for one service; services that share a JVM have one each. */
    public static PrometheusMeterRegistry of(String service) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters.config().meterFilter(PROMETHEUS_NAMES);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        FunctionCounter.builder("process.cpu", ManagementFactory.getOperatingSystemMXBean(), Meters::cpuSeconds)
                .description("Time that the processors spent on this process")
                .baseUnit("seconds")
                .register(meters);
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
