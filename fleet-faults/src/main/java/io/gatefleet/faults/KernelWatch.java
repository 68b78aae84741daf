package io.gatefleet.faults;

import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the kernel's tables by itself, again and again: every gateway that is watched lives, listens on its base and
 * in no other's range, each port of its range has one guard, and no port of the whole network namespace has two. Shares no
 * code with what it watches.
 */
public final class KernelWatch implements AutoCloseable {
    private static final int WIDTH = 111;
    private static final int EVERY_MILLIS = 200;
    private static final int MORE_LOOKS = 3;
    private static final int LISTEN = 0x0A;
    private static final String LOOPBACK = "0100007F";

    /** No process has this number. */
    private static final long ANYBODY = 0;

    private static final int MOST_TROUBLES = 1_000;

    private final String tables;
    private final Map<Integer, Long> pidOfBase = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> looking;
    private final AtomicInteger looks = new AtomicInteger();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

    // Of the watching thread alone: the kernel's tables are read in pieces, and a row may be missed once.
    private Set<String> missing = new HashSet<>();
    private Set<String> missingBefore = Set.of();

    private KernelWatch(String tables) {
        this.tables = tables;
        looking = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Of the network namespace of this process. */
    public static KernelWatch here() {
        return new KernelWatch("/proc/self/net/");
    }

    /** Of the network namespace of a process that outlives the watch. */
    public static KernelWatch of(long pid) {
        return new KernelWatch("/proc/" + pid + "/net/");
    }

    /** From now on that process is to listen on this base, with all guards of the wide range above it. */
    public KernelWatch watch(int base, long pid) {
        pidOfBase.put(base, pid);
        return this;
    }

    /** From now on somebody is to listen on this base, whoever, with all guards of the wide range above it. */
    public void watchRange(int base) {
        watch(base, ANYBODY);
    }

    /** From now on nothing is wanted there. */
    public void forget(int base) {
        pidOfBase.remove(base);
    }

    /**
     * Whether every port has exactly one guard now. Looks twice before it says no: the tables are read in pieces, and a row
     * may be missed once.
     *
     * @throws IOException if the kernel's tables cannot be read
     */
    public boolean isGuarded(PortSet ports) throws IOException {
        Map<Integer, Integer> first = guards();
        return isGuarded(ports, first) || isGuarded(ports, guards());
    }

    private static boolean isGuarded(PortSet ports, Map<Integer, Integer> guards) {
        return ports.stream().allMatch(port -> guards.getOrDefault(port, 0) == 1);
    }

    /** How often it looked. */
    public int looks() {
        return looks.get();
    }

    /** What was ever wrong, the first thousand. */
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Waits for two looks that begin after now, then as {@link #troubles}. */
    public List<String> troublesUntilNow() {
        int before = looks();
        await().atMost(Duration.ofSeconds(60)).until(() -> looks() >= before + 3);
        return troubles();
    }

    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdown();
    }

    private void look() {
        try {
            // Before the tables: what was forgotten meanwhile is looked for no more.
            Map<Integer, Long> wanted = new TreeMap<>(pidOfBase);
            Map<String, Integer> portOfInode = new HashMap<>();
            for (String table : List.of("tcp", "tcp6")) {
                for (String[] row : rows(table)) {
                    if (Integer.parseInt(row[3], 16) == LISTEN) {
                        portOfInode.put(row[9], port(row));
                    }
                }
            }
            Map<Integer, Integer> guards = guards();
            // Where many sockets come and go a row may be missed in every other look.
            for (int again = 0; again < MORE_LOOKS && lacks(guards, wanted.keySet()); again++) {
                guards().forEach(guards::putIfAbsent);
            }
            missing = new HashSet<>();
            guards.forEach((port, count) -> {
                if (count > 1) {
                    missing.add("%d guards on port %d".formatted(count, port));
                }
            });
            Map<Long, @Nullable Set<Integer>> portsOfPid = new HashMap<>();
            wanted.forEach((base, pid) -> {
                if (!portsOfPid.containsKey(pid)) {
                    portsOfPid.put(pid, pid == ANYBODY ? new HashSet<>(portOfInode.values()) : ports(pid, portOfInode));
                }
                look(pid, base, portsOfPid.get(pid), guards, wanted);
            });
            missing.stream()
                    .filter(missingBefore::contains)
                    .filter(trouble -> troubles.size() < MOST_TROUBLES)
                    .forEach(troubles::add);
            missingBefore = missing;
            looks.incrementAndGet();
        } catch (IOException | RuntimeException cause) {
            troubles.add("cannot look: " + cause);
        }
    }

    private static boolean lacks(Map<Integer, Integer> guards, Set<Integer> bases) {
        return bases.stream()
                .anyMatch(base -> IntStream.range(base, base + WIDTH).anyMatch(port -> !guards.containsKey(port)));
    }

    private void look(
            long pid,
            int base,
            @Nullable Set<Integer> listens,
            Map<Integer, Integer> guards,
            Map<Integer, Long> wanted) {
        if (!pidOfBase.containsKey(base)) {
            return;
        }
        if (listens == null) {
            missing.add("gateway %d on %d is gone".formatted(pid, base));
            return;
        }
        if (!listens.contains(base)) {
            missing.add("gateway %d does not listen on %d".formatted(pid, base));
        }
        for (Map.Entry<Integer, Long> other : wanted.entrySet()) {
            if (pid != ANYBODY && other.getValue() != pid) {
                int first = other.getKey();
                listens.stream()
                        .filter(port -> port >= first && port < first + WIDTH)
                        .forEach(port -> missing.add("gateway %d of %d listens on %d, in the range of %d"
                                .formatted(pid, base, port, first)));
            }
        }
        for (int port = base; port < base + WIDTH; port++) {
            if (guards.getOrDefault(port, 0) != 1) {
                missing.add(
                        "%d guards on %d, of the gateway on %d".formatted(guards.getOrDefault(port, 0), port, base));
                return;
            }
        }
    }

    /** Null if the process is gone. */
    private static @Nullable Set<Integer> ports(long pid, Map<String, Integer> portOfInode) {
        Set<Integer> ports = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            descriptors.forEach(descriptor -> {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    Integer port = target.startsWith("socket:[")
                            ? portOfInode.get(target.substring("socket:[".length(), target.length() - 1))
                            : null;
                    if (port != null) {
                        ports.add(port);
                    }
                } catch (IOException closed) {
                    // Between the listing and the look.
                }
            });
            return ports;
        } catch (IOException | UncheckedIOException gone) {
            return null;
        }
    }

    private static int port(String[] row) {
        return Integer.parseInt(row[1].substring(row[1].indexOf(':') + 1), 16);
    }

    /**
     * How many UDP sockets stand on each port of 127.0.0.1. A host has thousands, and is looked at often: their rows are not
     * cut into fields.
     */
    private Map<Integer, Integer> guards() throws IOException {
        Map<Integer, Integer> guards = new HashMap<>();
        // Each line once: the table is read in pieces, and where sockets come and go a row may be seen again.
        for (String line : new HashSet<>(Files.readAllLines(Path.of(tables + "udp")))) {
            int address = line.indexOf(": " + LOOPBACK + ":");
            if (address >= 0) {
                int port = address + LOOPBACK.length() + 3;
                guards.merge(Integer.parseInt(line, port, port + 4, 16), 1, Integer::sum);
            }
        }
        return guards;
    }

    private List<String[]> rows(String table) throws IOException {
        List<String[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(Path.of(tables + table));
        for (String line : lines.subList(1, lines.size())) {
            rows.add(line.strip().split("\\s+"));
        }
        return rows;
    }
}
