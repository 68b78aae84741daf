package io.gatefleet.bench.fleet;

import com.sun.management.OperatingSystemMXBean;
import io.gatefleet.bench.server.Workplace;
import io.gatefleet.health.verdict.VerdictRules;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** A fleet of one size: started, measured, ended. */
final class FleetRun {
    private static final OperatingSystemMXBean SELF =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long STORM_SECONDS = 600;
    private static final long SYNC_SECONDS = 300;
    private static final long EVENT_SECONDS = 60;
    private static final int HEALTH_QUESTIONS = 200;
    private static final int HEALTH_EVERY_MILLIS = 50;
    private static final int MEGA = 1 << 20;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Plan plan;
    private final int nodeCount;
    private final PrintStream progress;
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /**
     * What is measured.
     *
     * @param each processes of each service
     * @param jvm more options of each
     * @param beat of a node
     * @param warmup before the steady state is measured: code is compiled then
     * @param steady how long it is measured
     * @param watchers clients of the watch
     * @param deaths gateways that die, one after the other
     * @param silent nodes that fall silent, all at once
     */
    record Plan(
            int each,
            List<String> jvm,
            Duration beat,
            Duration warmup,
            Duration steady,
            int watchers,
            int deaths,
            int silent) {}

    FleetRun(Plan plan, int nodeCount, PrintStream progress) {
        this.plan = plan;
        this.nodeCount = nodeCount;
        this.progress = progress;
    }

    Figures measure() throws IOException, InterruptedException, TimeoutException {
        say("starting %d of each service".formatted(plan.each()));
        try (Workplace place = Workplace.make();
                Services services = Services.start(place.home(), plan.each(), plan.jvm(), plan.beat());
                Nodes nodes = new Nodes(nodeCount, services.registries())) {
            say("%d registrations".formatted(nodeCount));
            long before = System.nanoTime();
            Figures.Times leased = times(nodes.live(plan.beat().toMillis(), STORM_SECONDS));
            double stormSeconds = since(before);
            nodes.failures().forEach((why, count) -> failures.merge(why, count, Integer::sum));
            say("all have a lease after %.1f s; warming up for %d s"
                    .formatted(stormSeconds, plan.warmup().toSeconds()));
            TimeUnit.MILLISECONDS.sleep(plan.warmup().toMillis());

            nodes.latencies();
            nodes.failures();
            Map<String, Double> cpuBefore = services.cpuSeconds();
            long selfBefore = SELF.getProcessCpuTime();
            before = System.nanoTime();
            Map<String, Double> heap =
                    heapUntil(services, before + plan.steady().toNanos());
            double seconds = since(before);
            Map<String, Double> cores = new LinkedHashMap<>();
            services.cpuSeconds()
                    .forEach((name, cpu) -> cores.put(name, (cpu - cpuBefore.getOrDefault(name, 0.0)) / seconds));
            double generator = (SELF.getProcessCpuTime() - selfBefore) / 1e9 / seconds;
            Histogram beats = nodes.latencies();
            nodes.failures().forEach((why, count) -> failures.merge(why, count, Integer::sum));

            say("%.0f beats/s; asking how the fleet is".formatted(beats.getTotalCount() / seconds));
            Figures.Times health = health(services.aggregators().get(0));
            say("opening %d watchers".formatted(plan.watchers()));
            before = System.nanoTime();
            try (Watchers watchers = Watchers.open(plan.watchers(), services.aggregators(), SYNC_SECONDS)) {
                double synced = since(before);
                say("they have the fleet after %.1f s; %d gateways die".formatted(synced, plan.deaths()));
                Figures.Times deaths = deaths(nodes, watchers);
                say("%d nodes fall silent".formatted(plan.silent()));
                Figures.Times silent = silent(nodes, watchers);
                if (watchers.ended() > 0) {
                    failures.merge("watch: a stream broke off", watchers.ended(), Integer::sum);
                }
                nodes.failures().forEach((why, count) -> failures.merge(why, count, Integer::sum));
                return new Figures(
                        nodeCount,
                        stormSeconds,
                        leased,
                        beats.getTotalCount() / seconds,
                        times(beats),
                        failures,
                        cores,
                        generator,
                        heap,
                        health,
                        watchers.count(),
                        synced,
                        deaths,
                        silent);
            }
        }
    }

    private Figures.Times health(URI aggregator) throws IOException, InterruptedException {
        Histogram times = new Histogram(1_000, LONGEST_NANOS, 2);
        for (int i = 0; i < HEALTH_QUESTIONS; i++) {
            long before = System.nanoTime();
            get(aggregator.resolve("/v1/fleet/health"));
            times.recordValue(System.nanoTime() - before);
            TimeUnit.MILLISECONDS.sleep(HEALTH_EVERY_MILLIS); // as one who asks now and then
        }
        return times(times);
    }

    private Figures.Times deaths(Nodes nodes, Watchers watchers) throws TimeoutException {
        Histogram times = new Histogram(1_000, LONGEST_NANOS, 2);
        for (int i = 0; i < plan.deaths(); i++) {
            // Each dies once: who dies again is said to be flapping.
            int victim = nodeCount - 1 - i;
            Node node = nodes.all().get(victim);
            Future<long[]> told = watchers.told(node.key(), "\"reason\":\"backing-off\"");
            long before = System.nanoTime();
            nodes.tell(victim, Node::sayThatTheGatewayDied);
            for (long nanos : await(told, watchers)) {
                times.recordValue(Math.max(0, nanos - before));
            }
        }
        return times(times);
    }

    private Figures.Times silent(Nodes nodes, Watchers watchers) throws TimeoutException {
        Histogram times = new Histogram(1_000, LONGEST_NANOS, 2);
        long deadline = VerdictRules.defaults().suspect().toNanos();
        // On different hosts, which go on speaking.
        List<Future<long[]>> told = new ArrayList<>();
        for (int victim = 0; victim < plan.silent(); victim++) {
            told.add(watchers.told(nodes.all().get(victim).key(), "\"suspect\":true"));
            nodes.tell(victim, Node::fallSilent);
        }
        for (int victim = 0; victim < plan.silent(); victim++) {
            long[] nanos = await(told.get(victim), watchers);
            long due = nodes.all().get(victim).lastBeatNanos() + deadline;
            for (long one : nanos) {
                times.recordValue(Math.max(0, one - due));
            }
        }
        return times(times);
    }

    /** None, and a line among the failures, when not all were told. */
    private long[] await(Future<long[]> told, Watchers watchers) {
        try {
            return told.await(EVENT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            failures.merge(
                    "watch, after %d s: %sstreams that broke off: %d"
                            .formatted(EVENT_SECONDS, watchers.forget(), watchers.ended()),
                    1,
                    Integer::sum);
            return new long[0];
        }
    }

    /** Looks now and then; heaps grow until they are collected. */
    private Map<String, Double> heapUntil(Services services, long endNanos) throws IOException, InterruptedException {
        Map<String, Double> most = new LinkedHashMap<>();
        do {
            TimeUnit.SECONDS.sleep(5); // between two looks
            for (Map.Entry<String, List<URI>> service : services.all().entrySet()) {
                for (URI process : service.getValue()) {
                    most.merge(service.getKey(), heapMegabytes(process), Math::max);
                }
            }
        } while (System.nanoTime() - endNanos < 0);
        return most;
    }

    private double heapMegabytes(URI process) throws IOException, InterruptedException {
        return get(process.resolve("/metrics"))
                        .lines()
                        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum()
                / MEGA;
    }

    private String get(URI uri) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(uri + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static Figures.Times times(Histogram nanos) {
        return new Figures.Times(
                nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6, nanos.getMaxValue() / 1e6);
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void say(String what) {
        progress.printf("%,7d nodes: %s%n", nodeCount, what);
    }
}
