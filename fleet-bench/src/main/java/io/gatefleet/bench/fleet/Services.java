package io.gatefleet.bench.fleet;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.bench.server.LoopbackPorts;
import io.gatefleet.bench.server.ReadyProbe;
import io.gatefleet.bench.server.ServerProcess;
import io.gatefleet.health.HealthMain;
import io.gatefleet.registry.RegistryMain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The services that are measured: as many processes of each as one likes, all members of one cluster on loopback. */
final class Services implements AutoCloseable {
    private static final long START_SECONDS = 180;
    private static final List<Class<?>> MAINS = List.of(AllocatorMain.class, RegistryMain.class, HealthMain.class);
    private static final List<String> NAMES = List.of("port-allocator", "registry-service", "health-aggregator");
    private static final int PORTS_EACH = 3;

    private final int each;
    private final List<Integer> ports;
    private final List<ServerProcess> processes = new ArrayList<>();

    private Services(int each) {
        this.each = each;
        this.ports = LoopbackPorts.free(PORTS_EACH * each * MAINS.size());
    }

    /**
     * Starts them and waits until all are ready. Blocks.
     *
     * @param each how many processes of each service
     * @param jvm more options of each process
     * @param beat between two heartbeats of a node, as the registries tell them
     */
    static Services start(Path home, int each, List<String> jvm, Duration beat)
            throws IOException, InterruptedException {
        Services services = new Services(each);
        try {
            for (int member = 0; member < services.size(); member++) {
                services.startOne(home, member, jvm, beat);
            }
            for (int member = 0; member < services.size(); member++) {
                URI ready = services.http(member).resolve("/readyz");
                services.processes.get(member).await(START_SECONDS, () -> ReadyProbe.isReady(ready));
            }
            return services;
        } catch (IOException | InterruptedException | RuntimeException cause) {
            services.close();
            throw cause;
        }
    }

    private void startOne(Path home, int member, List<String> jvm, Duration beat) throws IOException {
        int kind = member / each;
        String name = NAMES.get(kind) + "-" + member % each;
        List<String> all = new ArrayList<>(List.of(
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-Djava.net.preferIPv4Stack=true",
                "-Xms64m",
                "-Dlogback.configurationFile=bench-logback.xml"));
        all.addAll(jvm);
        List<String> options = new ArrayList<>(List.of(
                "--http-port",
                Integer.toString(http(member).getPort()),
                "--cluster-name",
                "bench-" + ports.get(0),
                "--cluster-members",
                IntStream.range(0, size())
                        .mapToObj(other -> "127.0.0.1:" + ports.get(PORTS_EACH * other))
                        .collect(Collectors.joining(",")),
                "--cluster-port",
                ports.get(PORTS_EACH * member).toString(),
                "--cluster-bus-port",
                ports.get(PORTS_EACH * member + 1).toString()));
        if (kind == 0) {
            options.addAll(List.of(
                    "--reservations", home.resolve("reservations-" + member).toString()));
        }
        if (kind == 1) {
            options.addAll(List.of("--beat", beat.toString()));
        }
        processes.add(ServerProcess.java(
                name,
                home.resolve(name),
                System.getProperty("java.class.path"),
                all,
                MAINS.get(kind).getName(),
                options));
    }

    private int size() {
        return each * MAINS.size();
    }

    private URI http(int member) {
        return URI.create("http://127.0.0.1:" + ports.get(PORTS_EACH * member + 2));
    }

    private List<URI> of(int kind) {
        return IntStream.range(kind * each, (kind + 1) * each)
                .mapToObj(this::http)
                .toList();
    }

    List<URI> registries() {
        return of(1);
    }

    List<URI> aggregators() {
        return of(2);
    }

    /** Where each process answers, by its service's name. */
    Map<String, List<URI>> all() {
        Map<String, List<URI>> all = new LinkedHashMap<>();
        for (int kind = 0; kind < NAMES.size(); kind++) {
            all.put(NAMES.get(kind), of(kind));
        }
        return all;
    }

    /** CPU seconds so far of all processes of each service, by its name. */
    Map<String, Double> cpuSeconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (int member = 0; member < size(); member++) {
            seconds.merge(NAMES.get(member / each), processes.get(member).cpuSeconds(), Double::sum);
        }
        return seconds;
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
    }
}
