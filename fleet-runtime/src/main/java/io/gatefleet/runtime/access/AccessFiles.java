package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The directory that says who may do what. Lines that are empty or begin with {@code #} are skipped.
 *
 * <pre>
 * tokens      NAME ROLE SHA-256 [HOST]     hashes of operators' and join tokens
 * node-keys   ID SECRET                    seals node tokens: on registries only; the first makes them
 * revoked     HOST/INSTANCE BEFORE         node tokens that no longer count
 * </pre>
 */
public record AccessFiles(Path directory) {
    public Path tokens() {
        return directory.resolve("tokens");
    }

    public Path nodeKeys() {
        return directory.resolve("node-keys");
    }

    public Path revoked() {
        return directory.resolve("revoked");
    }

    /** Changes whenever a file does. Blocks. */
    List<Object> stamp() throws IOException {
        List<Object> stamp = new ArrayList<>();
        for (Path file : List.of(tokens(), nodeKeys(), revoked())) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.add(List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey())));
            } catch (NoSuchFileException absent) {
                stamp.add("absent");
            }
        }
        return stamp;
    }

    /**
     * What they say now. Blocks.
     *
     * @throws BadInput that names file and line, and shows nothing secret
     */
    AccessBook read() throws IOException {
        return new AccessBook(
                lines(tokens(), OperatorToken::parse),
                lines(nodeKeys(), NodeKey::parse),
                lines(revoked(), Revocation::parse));
    }

    static <T> List<T> lines(Path file, Function<String, T> parse) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException absent) {
            return List.of();
        }
        List<T> parsed = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                parsed.add(parse.apply(line));
            } catch (BadInput bad) {
                throw new BadInput(file + " line " + number + ", " + bad.name(), bad.value(), bad.expected());
            }
        }
        return parsed;
    }
}
