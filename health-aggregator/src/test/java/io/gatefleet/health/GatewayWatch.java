package io.gatefleet.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Looks into the kernel's tables by itself, again and again: every gateway that is watched lives, listens on its base and
 * in no other's range, and each port of its range has one guard. Shares no code with what it watches.
 */
final class GatewayWatch implements AutoCloseable {
    private static final int WIDTH = 111;
    private static final int EVERY_MILLIS = 200;
    private static final int LISTEN = 0x0A;
    private static final String LOOPBACK = "0100007F";

    private final Map<Integer, Integer> baseOfPid;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> looking;
    private final AtomicInteger looks = new AtomicInteger();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

    // Of the watching thread alone: the kernel's tables are read in pieces, and a row may be missed once.
    private Set<String> missing = new HashSet<>();
    private Set<String> missingBefore = Set.of();

    /** @param baseOfPid of the gateways */
    GatewayWatch(Map<Integer, Integer> baseOfPid) {
        this.baseOfPid = Map.copyOf(baseOfPid);
        looking = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    int looks() {
        return looks.get();
    }

    /** What was ever wrong. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdown();
    }

    private void look() {
        try {
            Map<String, Integer> portOfInode = new HashMap<>();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                for (String[] row : rows(table)) {
                    if (Integer.parseInt(row[3], 16) == LISTEN) {
                        portOfInode.put(row[9], port(row));
                    }
                }
            }
            Map<Integer, Integer> guards = new HashMap<>();
            for (String[] row : rows("/proc/net/udp")) {
                if (row[1].startsWith(LOOPBACK)) {
                    guards.merge(port(row), 1, Integer::sum);
                }
            }
            missing = new HashSet<>();
            for (Map.Entry<Integer, Integer> gateway : baseOfPid.entrySet()) {
                look(gateway.getKey(), gateway.getValue(), portOfInode, guards);
            }
            missing.stream().filter(missingBefore::contains).forEach(troubles::add);
            missingBefore = missing;
            looks.incrementAndGet();
        } catch (IOException | RuntimeException cause) {
            troubles.add("cannot look: " + cause);
        }
    }

    private void look(int pid, int base, Map<String, Integer> portOfInode, Map<Integer, Integer> guards) {
        Set<Integer> listens;
        try {
            listens = ports(pid, portOfInode);
        } catch (IOException | UncheckedIOException gone) {
            troubles.add("gateway %d on %d is gone: %s".formatted(pid, base, gone));
            return;
        }
        if (!listens.contains(base)) {
            missing.add("gateway %d listens on %s, not on %d".formatted(pid, listens, base));
        }
        baseOfPid.values().stream()
                .filter(other -> other != base)
                .filter(other -> listens.stream().anyMatch(port -> port >= other && port < other + WIDTH))
                .forEach(other -> troubles.add(
                        "gateway %d of %d listens on %s, in the range of %d".formatted(pid, base, listens, other)));
        for (int port = base; port < base + WIDTH; port++) {
            if (guards.getOrDefault(port, 0) != 1) {
                missing.add(
                        "%d guards on %d, of the gateway on %d".formatted(guards.getOrDefault(port, 0), port, base));
                return;
            }
        }
    }

    private static Set<Integer> ports(int pid, Map<String, Integer> portOfInode) throws IOException {
        Set<Integer> ports = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    Integer port = portOfInode.get(target.replaceAll("\\D", ""));
                    if (target.startsWith("socket:") && port != null) {
                        ports.add(port);
                    }
                } catch (IOException closed) {
                    // Between the listing and the look.
                }
            }
        }
        return ports;
    }

    private static int port(String[] row) {
        return Integer.parseInt(row[1].substring(row[1].indexOf(':') + 1), 16);
    }

    private static List<String[]> rows(String table) throws IOException {
        List<String[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(Path.of(table));
        for (String line : lines.subList(1, lines.size())) {
            rows.add(line.strip().split("\\s+"));
        }
        return rows;
    }
}
