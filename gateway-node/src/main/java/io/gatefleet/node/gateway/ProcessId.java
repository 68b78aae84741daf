package io.gatefleet.node.gateway;

import io.gatefleet.node.port.Kernel;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same pid. (Nor recognised by its command line: gateways
 * overwrite theirs.)
 *
 * @param startTime clock ticks since the kernel's boot
 */
record ProcessId(int pid, long startTime) {
    /** Empty if no such process lives. */
    static Optional<ProcessId> of(int pid) {
        long startTime = Kernel.startTime(pid);
        return startTime < 0 ? Optional.empty() : Optional.of(new ProcessId(pid, startTime));
    }

    /** A zombie does not live: it holds neither memory nor sockets. */
    boolean lives() {
        return Kernel.startTime(pid) == startTime;
    }

    /** SIGTERM. */
    void terminate() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** SIGKILL. */
    void kill() {
        handle().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** The handle remembers the start time too, and signals nobody else; so it is taken before the check. */
    private Optional<ProcessHandle> handle() {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return lives() ? handle : Optional.empty();
    }
}
