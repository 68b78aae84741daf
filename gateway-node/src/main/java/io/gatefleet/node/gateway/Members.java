package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.LeaseAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one life of a gateway as they were seen: also those that left its tree since. Belongs to one thread; only
 * {@link #pids()} is for anybody.
 */
final class Members {
    private static final long PAGE_BYTES = 4096;

    private final Set<ProcessId> seen = new HashSet<>();
    private volatile Set<Integer> pids = Set.of();

    /** A life begins with its first process. */
    void begin(ProcessId gateway) {
        seen.clear();
        seen.add(gateway);
        pids = Set.of(gateway.pid());
    }

    /** Looks again. */
    void refresh(ProcessId gateway) {
        seen.removeIf(process -> !process.lives());
        seen.addAll(InstanceProcesses.tree(gateway));
        pids = seen.stream().map(ProcessId::pid).collect(Collectors.toUnmodifiableSet());
    }

    /** None is left, as far as others may care; who was seen is remembered until the next life. */
    void hide() {
        pids = Set.of();
    }

    void forget() {
        seen.clear();
        hide();
    }

    Set<Integer> pids() {
        return pids;
    }

    Set<ProcessId> seen() {
        return Set.copyOf(seen);
    }

    /** Of all of them; what they share is counted more than once. Null: unknown. */
    @Nullable
    Long residentBytes() {
        long bytes = 0;
        for (int pid : pids) {
            try {
                String[] pages =
                        Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", -1);
                bytes += Long.parseLong(pages[1]) * PAGE_BYTES;
            } catch (IOException gone) {
                // Counted no more.
            }
        }
        return bytes == 0 ? null : bytes;
    }

    /** Somebody answers on the port. Is it one of these? A 200 is no identity; a listening socket is. */
    Optional<Finding> strangerOn(int port) {
        return LeaseAudit.of(PortSet.of(port), pids, PortSet.EMPTY).strangers().stream()
                .findFirst()
                .map(stranger -> new Finding(
                        Pulse.WRONG_GATEWAY,
                        "%s (pid %s) listens on %s:%d, where this instance's gateway should. Stop it."
                                .formatted(
                                        stranger.command() == null ? "an unknown process" : stranger.command(),
                                        stranger.pid() == null ? "unknown" : stranger.pid(),
                                        stranger.address(),
                                        stranger.port())));
    }
}
