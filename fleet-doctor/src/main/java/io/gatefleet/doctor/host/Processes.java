package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.node.port.KernelTables;
import io.gatefleet.node.port.KernelTables.KernelSocket;
import io.gatefleet.node.port.KernelTables.ProcessStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The host's processes, from {@code /proc}. */
final class Processes {
    /** A gateway calls itself so; the kernel keeps 15 bytes. */
    private static final Pattern TITLE = Pattern.compile("(openclaw|clawdbot|omniclaw)-gatewa.*");

    private final Rooted host;
    private final Map<Integer, Entry> all = new LinkedHashMap<>();

    /**
     * A living process.
     *
     * @param parent its parent's pid
     * @param startTime clock ticks since boot
     * @param name of its own choice, at most 15 bytes
     * @param arguments may hold secrets: they must not outlive the reading
     */
    record Entry(int pid, int parent, long startTime, String name, List<String> arguments) {
        /** Without the arguments. */
        @Override
        public String toString() {
            return "Entry[" + pid + ", " + name + "]";
        }
    }

    Processes(Rooted host) {
        this.host = host;
        for (String entry : host.names("/proc")) {
            if (entry.matches("\\d{1,9}")) {
                read(entry).ifPresent(process -> all.put(process.pid(), process));
            }
        }
    }

    private Optional<Entry> read(String pid) {
        Optional<String> stat = host.quietly("/proc/" + pid + "/stat");
        if (stat.filter(text -> !text.isBlank()).isEmpty()) {
            return Optional.empty();
        }
        ProcessStat known = KernelTables.stat(stat.get());
        if (!known.alive()) {
            return Optional.empty();
        }
        List<String> arguments = Arrays.stream(
                        host.quietly("/proc/" + pid + "/cmdline").orElse("").split("\0", -1))
                .filter(argument -> !argument.isEmpty())
                .toList();
        String name =
                stat.get().substring(stat.get().indexOf('(') + 1, stat.get().lastIndexOf(')'));
        return Optional.of(new Entry(
                known.pid(), known.parent(), known.startTime(), name.replaceAll("\\p{Cntrl}", "\uFFFD"), arguments));
    }

    Stream<Entry> all() {
        return all.values().stream();
    }

    Optional<Entry> of(int pid) {
        return Optional.ofNullable(all.get(pid));
    }

    /** Whether it calls itself a gateway. */
    static boolean named(Entry process) {
        return TITLE.matcher(process.name()).matches();
    }

    /** The family of a gateway's own process; empty for every other, a launcher and a command line included. */
    static Optional<Flavor> gateway(Entry process) {
        Matcher title = TITLE.matcher(process.name());
        if (title.matches()) {
            return Optional.of(Flavor.parse(title.group(1)));
        }
        // In its first seconds it has not given itself a name.
        return Program.of(process.arguments()).filter(Program::runsGateway).map(Program::flavor);
    }

    /** A process and all that descend from it. */
    Set<Integer> tree(int pid) {
        Set<Integer> tree = new TreeSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(pid));
        while (!open.isEmpty()) {
            int next = open.remove();
            if (tree.add(next)) {
                all.values().stream()
                        .filter(process -> process.parent() == next)
                        .map(Entry::pid)
                        .forEach(open::add);
            }
        }
        return tree;
    }

    /** The processes above it, the nearest first. */
    List<Entry> above(Entry process) {
        List<Entry> above = new ArrayList<>();
        Entry next = all.get(process.parent());
        while (next != null && !above.contains(next)) {
            above.add(next);
            next = all.get(next.parent());
        }
        return above;
    }

    /** The environment that it was started with; empty if it may not be read. May hold secrets. */
    Optional<Map<String, String>> environment(int pid) {
        return host.quietly("/proc/" + pid + "/environ").map(text -> {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String variable : text.split("\0", -1)) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    variables.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
            return variables;
        });
    }

    /** What its descriptors point to. */
    List<String> open(int pid) {
        return descriptors(pid).filter(target -> target.startsWith("/")).toList();
    }

    private Stream<Long> sockets(int pid) {
        return descriptors(pid)
                .filter(target -> target.startsWith("socket:"))
                .flatMapToLong(target -> KernelTables.inode(target).stream())
                .boxed();
    }

    private Stream<String> descriptors(int pid) {
        String directory = "/proc/" + pid + "/fd";
        try (Stream<Path> entries = Files.list(host.at(directory))) {
            return entries
                    .map(entry -> host.link(directory + "/" + entry.getFileName()))
                    .flatMap(Optional::stream)
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException notForUs) {
            return Stream.empty();
        }
    }

    /** The network namespace that it lives in; empty if that may not be read. */
    OptionalLong portSpace(int pid) {
        return host.link("/proc/" + pid + "/ns/net").map(KernelTables::inode).orElse(OptionalLong.empty());
    }

    /** The units and slices that it runs in. */
    String controlGroup(int pid) {
        return host.quietly("/proc/" + pid + "/cgroup").orElse("");
    }

    /** Which of these processes hold a UDP socket on the port. */
    Set<Integer> holdersOfUdp(int port, Set<Integer> pids) {
        Set<Long> inodes = Stream.of("/proc/net/udp", "/proc/net/udp6")
                .map(table -> host.quietly(table).orElse(""))
                .flatMap(table -> KernelTables.sockets(table, ByteOrder.nativeOrder()).stream())
                .filter(socket -> socket.port() == port)
                .map(KernelSocket::inode)
                .collect(Collectors.toSet());
        return pids.stream()
                .filter(pid -> sockets(pid).anyMatch(inodes::contains))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The value of a flag {@code --NAME=VALUE}; of a process that rewrote its arguments they are one long word. */
    static @Nullable String flag(Entry process, String name) {
        String whole = String.join(" ", process.arguments());
        Matcher match =
                Pattern.compile("(?:^|\\s)--" + Pattern.quote(name) + "=(\\S+)").matcher(whole);
        for (String argument : process.arguments()) {
            if (process.arguments().size() > 1 && argument.startsWith("--" + name + "=")) {
                return argument.substring(name.length() + 3); // may hold blanks
            }
        }
        return match.find() ? match.group(1) : null;
    }
}
