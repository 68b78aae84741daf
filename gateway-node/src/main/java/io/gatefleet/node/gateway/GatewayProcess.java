package io.gatefleet.node.gateway;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The process of a gateway: a child of this JVM, or one that an earlier life of the node started. It lives on when the
 * node dies: it has its own session, so a Ctrl-C does not reach it, it reads from nothing and writes to a file.
 */
final class GatewayProcess {
    private final ProcessId id;
    private final @Nullable Process child;

    private GatewayProcess(ProcessId id, @Nullable Process child) {
        this.id = id;
        this.child = child;
    }

    /**
     * @param output where it appends what it prints
     * @throws IOException if {@code setsid} or the directory is missing, or no process can be made now
     */
    static GatewayProcess start(ProcessSpec spec, Path output) throws IOException {
        // setsid executes the program in its own place: a child of a JVM leads no
        // process group, so it need not fork, and the pid stays.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(spec.command());
        Process child = spec.builder()
                .command(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                // Opened for appending, so that the log can be cut while it is written to.
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        int pid = Math.toIntExact(child.pid());
        // Gone already: then no later process can be mistaken for it either.
        ProcessId id = ProcessId.of(pid).orElse(new ProcessId(pid, 0));
        return new GatewayProcess(id, child);
    }

    static GatewayProcess adopted(ProcessId id) {
        return new GatewayProcess(id, null);
    }

    ProcessId id() {
        return id;
    }

    boolean lives() {
        return child == null ? id.lives() : child.isAlive();
    }

    /** Of a child that ended: 0 to 255, where 128 and more means a signal. Empty while it lives, and always for others. */
    OptionalInt exitCode() {
        return child == null || child.isAlive() ? OptionalInt.empty() : OptionalInt.of(child.exitValue());
    }

    /** Calls back at once when a child ends; from any thread. Never for others: look at them now and then. */
    void onExit(Runnable listener) {
        if (child != null) {
            var unused = child.onExit().thenRun(listener);
        }
    }

    /** SIGTERM to the gateway alone: it knows best in which order its children end. */
    void terminate() {
        id.terminate();
    }

    void kill() {
        id.kill();
    }
}
