package io.gatefleet.cli;

import io.gatefleet.runtime.access.AccessEditor;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which access files are meant. */
final class AccessDir {
    @Option(
            names = "--access-dir",
            paramLabel = "DIR",
            required = true,
            defaultValue = "${env:GATEFLEET_ACCESS_DIR}",
            description = "The directory that services are started with; also GATEFLEET_ACCESS_DIR.")
    private Path directory = Path.of("");

    Path path() {
        return directory;
    }

    AccessEditor editor() {
        return new AccessEditor(directory);
    }
}
