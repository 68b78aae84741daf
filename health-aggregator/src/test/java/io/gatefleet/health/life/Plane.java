package io.gatefleet.health.life;

import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.health.HealthMain;
import io.gatefleet.registry.RegistryMain;
import io.gatefleet.runtime.cluster.ClusterConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of JVMs: first the allocators, then the registries, then the aggregators. A member keeps its ports for life. */
final class Plane implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    /** Below the kernel's ephemeral range, where a port that is free for a moment may be somebody's outgoing one. */
    private static final int FIRST = 10_240;

    private static final int BEYOND = 18_700;

    private final Path home;
    private final int allocators;
    private final int registries;
    private final int size;
    private final List<Integer> ports;
    private final TreeMap<Integer, Member> members = new TreeMap<>();

    Plane(Path home, int allocators, int registries, int aggregators) {
        this.home = home;
        this.allocators = allocators;
        this.registries = registries;
        this.size = allocators + registries + aggregators;
        this.ports = free(3 * size + 2);
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    int size() {
        return size;
    }

    boolean isAllocator(int number) {
        return number < allocators;
    }

    void startAll() throws IOException {
        for (int member = 0; member < size; member++) {
            start(member, classPath());
        }
    }

    /** A new life of a member. */
    Member start(int number, String classPath) throws IOException {
        Class<?> main = isAllocator(number)
                ? AllocatorMain.class
                : number < allocators + registries ? RegistryMain.class : HealthMain.class;
        List<String> options = new ArrayList<>(List.of(
                "--http-port",
                String.valueOf(http(number).getPort()),
                "--cluster-name",
                name(),
                "--cluster-members",
                String.join(",", places()),
                "--cluster-port",
                ports.get(3 * number).toString(),
                "--cluster-bus-port",
                ports.get(3 * number + 1).toString()));
        if (isAllocator(number)) {
            options.addAll(List.of(
                    "--reservations", home.resolve("reservations-" + number).toString()));
        }
        Member member = Member.start(main.getName(), classPath, http(number), options);
        members.put(number, member);
        return member;
    }

    Member member(int number) {
        Member member = members.get(number);
        if (member == null) {
            throw new IllegalStateException("member " + number + " was never started");
        }
        return member;
    }

    void isReady(int number) {
        Member member = member(number);
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .conditionEvaluationListener(looked -> {
                    if (!member.isAlive()) {
                        throw new AssertionError("ended, as all of these:\n" + logsOfTheDead());
                    }
                })
                .until(member::isReady);
    }

    /** One that ends can take others with it. */
    private String logsOfTheDead() {
        return members.entrySet().stream()
                .filter(entry -> !entry.getValue().isAlive())
                .map(entry -> "member %d at %s:\n%s"
                        .formatted(
                                entry.getKey(),
                                places().get(entry.getKey()),
                                String.join("\n", entry.getValue().log())))
                .collect(Collectors.joining("\n"));
    }

    void allAreReady() {
        members.keySet().forEach(this::isReady);
    }

    URI http(int number) {
        return URI.create("http://127.0.0.1:" + ports.get(3 * number + 2));
    }

    /** Where nodes ask. */
    List<URI> registries() {
        return IntStream.range(allocators, allocators + registries)
                .mapToObj(this::http)
                .toList();
    }

    /** How one more member joins, which no majority needs. */
    ClusterConfig guest() {
        return new ClusterConfig(
                name(), "127.0.0.1", ports.get(3 * size), ports.get(3 * size + 1), places(), size, null);
    }

    private String name() {
        return "life-" + ports.get(0);
    }

    private List<String> places() {
        return IntStream.range(0, size)
                .mapToObj(member -> "127.0.0.1:" + ports.get(3 * member))
                .toList();
    }

    @Override
    public void close() {
        members.values().forEach(Member::close);
    }

    /** All held at once, so that no two are the same. */
    private static List<Integer> free(int count) {
        if (count == 0) {
            return List.of();
        }
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                List<Integer> ports = new ArrayList<>(free(count - 1));
                ports.add(held.getLocalPort());
                return ports;
            } catch (IOException taken) {
                // Another one, then.
            }
        }
    }
}
