package io.gatefleet.cli.fleet;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Which instances a fleet's home has, running or not. */
public final class InstanceHomes {
    private InstanceHomes() {}

    /** By their directories, sorted; what is no instance's name is passed over. */
    public static List<InstanceId> in(Path home) throws IOException {
        Path instances = home.resolve("instances");
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        List<InstanceId> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(instances)) {
            entries.filter(Files::isDirectory).forEach(entry -> {
                try {
                    found.add(new InstanceId(entry.getFileName().toString()));
                } catch (BadInput somethingElse) {
                    // Whoever put it there knows what for.
                }
            });
        }
        Collections.sort(found);
        return found;
    }
}
