package io.gatefleet.cli.fleet;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * {@code fleet.json} in the fleet's home: where the running fleet can be asked. Written when the control plane listens,
 * removed when it stops; after a kill -9 it stays behind, so its pid decides whether it still holds.
 *
 * @param pid the process of {@code gatefleet up}
 * @param startedAt when it was started, ISO 8601, for people
 * @param version the build that runs
 * @param host the id of this machine in the fleet
 * @param registry base URL, as {@code allocator} and {@code health}
 * @param instances what it was told to run
 */
public record FleetFile(
        long pid,
        String startedAt,
        String version,
        HostId host,
        String registry,
        String allocator,
        String health,
        List<InstanceId> instances) {
    private static final String NAME = "fleet.json";

    public FleetFile {
        instances = List.copyOf(instances);
    }

    /** Empty where no fleet runs, or none that this build can read. */
    public static Optional<FleetFile> read(Path home) {
        try {
            return Optional.of(Wire.LENIENT.read(Files.readAllBytes(home.resolve(NAME)), FleetFile.class));
        } catch (NoSuchFileException | BadInput nothing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new BadInput(home.resolve(NAME).toString(), unreadable.getMessage(), "a file that can be read");
        }
    }

    /** Whole or not at all: whoever reads meanwhile sees the old one or the new one. */
    public void write(Path home) throws IOException {
        Path draft = home.resolve(NAME + ".new");
        Files.write(
                draft, Wire.LENIENT.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        Files.move(draft, home.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public static void remove(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(NAME));
    }

    /** Whether the process that wrote it still lives. A pid that was given to another program since looks alive. */
    public boolean alive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
