package io.gatefleet.node.gateway;

import io.gatefleet.contract.bus.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An installed gateway.
 *
 * @param command how it is called; a subcommand follows
 * @param version as its package says it
 */
public record Program(List<String> command, String version) {
    public Program {
        command = List.copyOf(command);
    }

    /** Notes what an instance runs, so that its command line is the same program's wherever it is asked for. */
    void keep(Path file) throws IOException {
        PrivateFile.replace(file, Wire.LENIENT.write(this).toString(StandardCharsets.UTF_8));
    }

    /** What an instance ran last; empty where it never did, or where that is not installed any more. */
    static Optional<Program> kept(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Program program = Wire.LENIENT.read(Files.readAllBytes(file), Program.class);
        boolean installed = program.command().stream()
                .filter(word -> word.startsWith("/"))
                .allMatch(path -> Files.exists(Path.of(path)));
        return installed ? Optional.of(program) : Optional.empty();
    }
}
