package io.gatefleet.node.port;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.KernelTables.KernelSocket;
import io.gatefleet.node.port.KernelTables.ProcessStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this host's kernel says about sockets and processes. Everything here reads files: run it on a worker.
 *
 * <p>Other users' processes cannot be named without privileges, nor can those of other containers: their sockets show,
 * without a pid.
 */
public final class Kernel {
    private static final Path PROC = Path.of("/proc");
    private static final int FIRST_PORT = 1024;

    /** What runs kube-proxy's NAT: the process itself, or k3s, which has it inside. */
    private static final Set<String> NODE_PORTS = Set.of("kube-proxy", "k3s-server", "k3s-agent");

    private Kernel() {}

    /**
     * The host as it is now: who listens on TCP ports from 1024 up, where guards stand, and the kernel's settings. Of
     * more than 4096 listeners it has those with the lowest ports.
     *
     * @param ownPids processes whose listeners are left out: the node itself and its gateway's tree
     * @throws UncheckedIOException if {@code /proc} cannot be read
     */
    public static HostFacts facts(Set<Integer> ownPids) {
        try {
            PortSet guards = guards();
            List<Listener> listeners = listening(ownPids, port -> port >= FIRST_PORT).stream()
                    .filter(held -> held.socket().port() >= FIRST_PORT)
                    .filter(held -> held.pid() == null || !ownPids.contains(held.pid()))
                    .map(held -> held.listener(guards))
                    .distinct()
                    .sorted(Comparator.comparingInt(Listener::port).thenComparing(Listener::address))
                    .limit(HostFacts.MOST_LISTENERS)
                    .toList();
            return new HostFacts(
                    portSpace(),
                    listeners,
                    guards,
                    ephemeral(),
                    KernelTables.reserved(read("sys/net/ipv4/ip_local_reserved_ports")),
                    nodePorts());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the kernel's tables cannot be read", unreadable);
        }
    }

    /**
     * A process and all its living descendants; empty if it is gone.
     *
     * @throws UncheckedIOException if {@code /proc} cannot be read
     */
    public static Set<Integer> tree(int rootPid) {
        List<ProcessStat> all = processes();
        Map<Integer, List<ProcessStat>> children = all.stream().collect(Collectors.groupingBy(ProcessStat::parent));
        Set<Integer> tree = new TreeSet<>();
        Deque<ProcessStat> open = new ArrayDeque<>();
        all.stream().filter(process -> process.pid() == rootPid).forEach(open::add);
        while (!open.isEmpty()) {
            ProcessStat process = open.remove();
            if (tree.add(process.pid())) {
                open.addAll(children.getOrDefault(process.pid(), List.of()));
            }
        }
        all.stream().filter(process -> !process.alive()).map(ProcessStat::pid).forEach(tree::remove);
        return tree;
    }

    /**
     * All living processes of a session. Orphans keep their session, so it finds what {@link #tree} lost; it loses those
     * that start a session of their own.
     *
     * @throws UncheckedIOException if {@code /proc} cannot be read
     */
    public static Set<Integer> session(int sid) {
        return processes().stream()
                .filter(process -> process.session() == sid && process.alive())
                .map(ProcessStat::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * When a process started, in clock ticks since boot: together with the pid it names a process until the next boot. -1
     * if it is gone or a zombie.
     */
    public static long startTime(int pid) {
        ProcessStat process = stat(pid);
        return process != null && process.alive() ? process.startTime() : -1;
    }

    /** Null if it is gone. */
    static @Nullable ProcessStat stat(int pid) {
        try {
            return KernelTables.stat(read(pid + "/stat", 1024));
        } catch (IOException gone) {
            return null;
        }
    }

    /**
     * Whether a process comes from one of these: they are among its parents, or lead its session. A browser may have been
     * started after {@code pids} was read, and an orphan has no parent left but keeps its session.
     */
    static boolean descends(int pid, Set<Integer> pids) {
        ProcessStat process = stat(pid);
        if (process != null && pids.contains(process.session())) {
            return true;
        }
        while (process != null && process.parent() > 1) {
            if (pids.contains(process.parent())) {
                return true;
            }
            process = stat(process.parent());
        }
        return false;
    }

    /** A socket and who holds it, as far as {@code /proc} tells. */
    record Held(
            KernelSocket socket,
            @Nullable Integer pid,
            @Nullable ProcessName name) {
        @Nullable
        String command() {
            return name == null ? null : name.shown();
        }

        Listener listener(PortSet guards) {
            return new Listener(
                    socket.port(),
                    socket.shownAddress(),
                    pid,
                    command(),
                    guards.contains(socket.port()),
                    name == null ? Listener.Reading.UNKNOWN : name.reading());
        }
    }

    /**
     * Who listens on TCP: these processes on any port, everybody else on some. Costs two tables, 3 to 15 ms each, because
     * the kernel walks through its table of connections to the end, be there any or none.
     *
     * @param pids whose listeners are wanted wherever they are; of several that share a socket they are named first
     * @param port where everybody's listeners are wanted
     */
    static List<Held> listening(Set<Integer> pids, IntPredicate port) throws IOException {
        List<KernelSocket> all = listeners();
        Map<Long, Integer> owners = owners(inodes(all), pids);
        List<KernelSocket> others = all.stream()
                .filter(socket -> !owners.containsKey(socket.inode()) && port.test(socket.port()))
                .toList();
        if (!others.isEmpty()) {
            owners.putAll(owners(inodes(others), allPids()));
        }
        List<KernelSocket> wanted = all.stream()
                .filter(socket -> owners.containsKey(socket.inode()) || port.test(socket.port()))
                .toList();
        if (wanted.stream().anyMatch(socket -> !owners.containsKey(socket.inode()))) {
            // Between the table and the search for its owner a socket may have been closed. Gone is not nameless.
            Set<Long> still = inodes(listeners());
            wanted = wanted.stream()
                    .filter(socket -> owners.containsKey(socket.inode()) || still.contains(socket.inode()))
                    .toList();
        }
        return named(wanted, owners);
    }

    /** Who holds TCP ports, in whatever state: listening, connected, or waiting without an owner. */
    static List<Held> onTcp(PortSet ports) throws IOException {
        return named(sockets(ports, "net/tcp", "net/tcp6"));
    }

    /** UDP sockets that stand in the way of a guard. */
    static List<KernelSocket> againstGuards(PortSet ports) throws IOException {
        return sockets(ports, "net/udp", "net/udp6").stream()
                .filter(socket -> socket.address().isAnyLocalAddress() || isGuardAddress(socket.address()))
                .toList();
    }

    /** The same sockets, with their holders where these can be found. */
    static List<Held> named(List<KernelSocket> sockets) {
        List<Integer> pids;
        try {
            pids = allPids();
        } catch (IOException unlisted) {
            pids = List.of();
        }
        return named(sockets, owners(inodes(sockets), pids));
    }

    /** Where guards stand: UDP on 127.0.0.1, IPv4 only, which is what {@link PortGuard} opens. */
    static PortSet guards() throws IOException {
        BitSet ports = new BitSet();
        KernelTables.sockets(read("net/udp"), ByteOrder.nativeOrder()).stream()
                .filter(socket -> isGuardAddress(socket.address()) && socket.port() > 0)
                .forEach(socket -> ports.set(socket.port()));
        return PortSet.of(ports);
    }

    /** Where the kernel takes the ports from that nobody named. */
    static PortRange ephemeral() throws IOException {
        return KernelTables.ephemeral(read("sys/net/ipv4/ip_local_port_range"));
    }

    private static boolean isGuardAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 127 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 1;
    }

    /** What the ports of this process are ports of. Blocks for two small files. */
    public static PortSpace portSpace() throws IOException {
        String link = Files.readSymbolicLink(PROC.resolve("self/ns/net")).toString();
        long netns = KernelTables.inode(link)
                .orElseThrow(() -> new IOException("/proc/self/ns/net: " + link + " (expected: net:[INODE])"));
        return new PortSpace(read("sys/kernel/random/boot_id").strip(), netns);
    }

    private static boolean nodePorts() throws IOException {
        for (int pid : allPids()) {
            String comm = comm(pid);
            if (comm != null && NODE_PORTS.contains(comm)) {
                return true;
            }
        }
        return false;
    }

    static List<KernelSocket> listeners() throws IOException {
        List<KernelSocket> listeners = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            listeners.addAll(KernelTables.listeners(readIfThere(table), ByteOrder.nativeOrder()));
        }
        return listeners;
    }

    private static List<KernelSocket> sockets(PortSet ports, String table, String table6) throws IOException {
        List<KernelSocket> sockets = new ArrayList<>();
        for (String name : List.of(table, table6)) {
            KernelTables.sockets(readIfThere(name), ByteOrder.nativeOrder()).stream()
                    .filter(socket -> ports.contains(socket.port()))
                    .forEach(sockets::add);
        }
        return sockets;
    }

    private static Set<Long> inodes(List<KernelSocket> sockets) {
        return sockets.stream()
                .map(KernelSocket::inode)
                .filter(inode -> inode != 0)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Held> named(List<KernelSocket> sockets, Map<Long, Integer> owners) {
        Map<Integer, @Nullable ProcessName> names = new HashMap<>();
        List<Held> named = new ArrayList<>();
        for (KernelSocket socket : sockets) {
            Integer pid = owners.get(socket.inode());
            if (pid != null && !names.containsKey(pid)) {
                names.put(pid, name(pid));
            }
            named.add(new Held(socket, pid, pid == null ? null : names.get(pid)));
        }
        return named;
    }

    /**
     * Socket inode to process, for those that can be found. Walks every descriptor of a process, so it looks at each
     * process once and stops as soon as all are found.
     */
    private static Map<Long, Integer> owners(Set<Long> inodes, Collection<Integer> pids) {
        Map<Long, Integer> owners = new HashMap<>();
        for (int pid : pids) {
            if (owners.size() == inodes.size()) {
                break;
            }
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
                for (Path descriptor : descriptors) {
                    OptionalLong inode = socketOf(descriptor);
                    if (inode.isPresent() && inodes.contains(inode.getAsLong())) {
                        owners.putIfAbsent(inode.getAsLong(), pid);
                    }
                }
            } catch (IOException | DirectoryIteratorException goneOrNotOurs) {
                // Its sockets stay nameless.
            }
        }
        return owners;
    }

    private static OptionalLong socketOf(Path descriptor) {
        try {
            String link = Files.readSymbolicLink(descriptor).toString();
            return link.startsWith("socket:") ? KernelTables.inode(link) : OptionalLong.empty();
        } catch (IOException closed) {
            return OptionalLong.empty();
        }
    }

    /** Null if it is gone. */
    private static @Nullable ProcessName name(int pid) {
        String comm = comm(pid);
        if (comm == null) {
            return null;
        }
        try {
            return ProcessName.of(
                    comm, Files.readSymbolicLink(PROC.resolve(pid + "/exe")).toString());
        } catch (IOException notOurs) {
            return ProcessName.of(comm, null);
        }
    }

    private static @Nullable String comm(int pid) {
        try {
            return read(pid + "/comm", 64).strip();
        } catch (IOException gone) {
            return null;
        }
    }

    private static List<ProcessStat> processes() {
        try {
            List<ProcessStat> processes = new ArrayList<>();
            for (int pid : allPids()) {
                ProcessStat process = stat(pid);
                if (process != null) {
                    processes.add(process);
                }
            }
            return processes;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("/proc cannot be listed", unreadable);
        }
    }

    private static List<Integer> allPids() throws IOException {
        Predicate<String> number = name -> name.chars().allMatch(letter -> letter >= '0' && letter <= '9');
        try (var names = Files.list(PROC)) {
            return names.map(path -> path.getFileName().toString())
                    .filter(number)
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException broken) {
            throw new IOException("/proc cannot be listed", broken);
        }
    }

    /**
     * A file of the kernel, read in chunks that are given at once. Not by {@link Files#readString}: that asks for one byte
     * first where a file says that it is empty, as all of these do, and settings answer only the first question. (It would
     * also fail on a process' name, which may hold any bytes.)
     */
    private static String read(String file, int chunk) throws IOException {
        byte[] bytes = new byte[chunk];
        int length = 0;
        try (InputStream in = Files.newInputStream(PROC.resolve(file))) {
            for (int count = in.read(bytes); count > 0; count = in.read(bytes, length, bytes.length - length)) {
                length += count;
                if (bytes.length - length < chunk / 2) {
                    bytes = Arrays.copyOf(bytes, 2 * bytes.length);
                }
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** A setting or a table. */
    private static String read(String file) throws IOException {
        return read(file, 32_768);
    }

    private static String readIfThere(String file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException withoutIpv6) {
            return "";
        }
    }
}
