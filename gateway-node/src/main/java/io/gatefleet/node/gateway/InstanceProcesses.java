package io.gatefleet.node.gateway;

import io.gatefleet.node.port.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds and ends every process of one instance. A gateway's children leave it in more than one way: Chrome survives a
 * killed gateway as an orphan and keeps its CDP port, its crash handlers start sessions of their own, its renderers
 * scrub their environment. So four traces are followed: parents, the session, the mark in the environment, and a
 * browser's {@code --user-data-dir} inside the instance's home.
 *
 * <p>Reads {@code /proc} and waits: run it on a worker.
 */
final class InstanceProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final Duration KILLED_SOON = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final String mark;
    private final String userData;

    InstanceProcesses(InstanceHome home) {
        this.mark = LaunchEnvironment.MARK + "=" + home.root() + "\0";
        this.userData = "--user-data-dir=" + home.root() + "/";
    }

    /** The living tree of a gateway: whatever descends from it or stayed in its session. */
    static Set<ProcessId> tree(ProcessId gateway) {
        Set<Integer> pids = new HashSet<>();
        if (gateway.lives()) {
            pids.addAll(Kernel.tree(gateway.pid()));
        }
        // A session's number is free again when its last member is gone. Whoever carries it then is led by a living
        // process of that pid, and that one started at another time.
        long leader = Kernel.startTime(gateway.pid());
        if (leader < 0 || leader == gateway.startTime()) {
            pids.addAll(Kernel.session(gateway.pid()));
        }
        return identified(pids);
    }

    /** Processes that carry the instance's traces, whoever started them: also those of an earlier life. */
    Set<ProcessId> traced() throws IOException {
        return identified(pids(pid -> carries(pid, "environ", mark) || carries(pid, "cmdline", userData)));
    }

    /** Browsers among them: what has a {@code --user-data-dir} in the instance's home. */
    boolean isBrowser(ProcessId process) {
        return carries(process.pid(), "cmdline", userData);
    }

    /**
     * What was ended.
     *
     * @param browser one that was found alive; null where none was
     * @param left who could not be ended
     */
    record Ended(@Nullable ProcessId browser, Set<ProcessId> left) {}

    /**
     * Ends all of the instance: the given ones, their trees, and everything traced. First in order, so that a browser
     * saves what it has, and after {@code grace} by force, until nobody is left or 5 seconds are over.
     *
     * @param gateway whose session is looked through; null: only traces
     * @param known of this life, as last seen
     */
    Ended end(@Nullable ProcessId gateway, Set<ProcessId> known, Duration grace) throws IOException {
        Set<ProcessId> rest = find(gateway, known);
        ProcessId browser = rest.stream().filter(this::isBrowser).findFirst().orElse(null);
        if (rest.isEmpty()) {
            return new Ended(null, rest);
        }
        rest.forEach(ProcessId::terminate);
        await(rest, grace);
        long deadline = System.nanoTime() + KILLED_SOON.toNanos();
        do {
            // Anew each time: what is being killed may still have started something.
            rest = find(gateway, known);
            rest.forEach(ProcessId::kill);
            await(rest, Duration.ofMillis(10 * LOOK_AGAIN_MILLIS));
        } while (!rest.isEmpty() && System.nanoTime() - deadline < 0);
        return new Ended(browser, find(gateway, known));
    }

    private Set<ProcessId> find(@Nullable ProcessId gateway, Set<ProcessId> known) throws IOException {
        Set<ProcessId> found = new LinkedHashSet<>(traced());
        if (gateway != null) {
            found.addAll(tree(gateway));
        }
        known.stream().filter(ProcessId::lives).forEach(process -> {
            found.add(process);
            found.addAll(identified(Kernel.tree(process.pid())));
        });
        Set<Integer> ours = selfAndParents();
        found.removeIf(process -> ours.contains(process.pid()));
        return found;
    }

    /** A node that was started from a shell inside a gateway carries its mark, too. It must not end itself. */
    private static Set<Integer> selfAndParents() {
        Set<Integer> pids = new HashSet<>();
        for (ProcessHandle process = ProcessHandle.current(); process != null; ) {
            pids.add(Math.toIntExact(process.pid()));
            process = process.parent().orElse(null);
        }
        return pids;
    }

    private static void await(Set<ProcessId> processes, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (processes.stream().anyMatch(ProcessId::lives) && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static Set<ProcessId> identified(Set<Integer> pids) {
        return pids.stream()
                .flatMap(pid -> ProcessId.of(pid).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<Integer> pids(Predicate<Integer> wanted) throws IOException {
        Set<Integer> pids = new LinkedHashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                int pid = Integer.parseInt(entry.getFileName().toString());
                if (wanted.test(pid)) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    private static boolean carries(int pid, String file, String trace) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/" + file));
            return new String(bytes, StandardCharsets.UTF_8).contains(trace);
        } catch (IOException goneOrOfAnotherUser) {
            return false;
        }
    }
}
