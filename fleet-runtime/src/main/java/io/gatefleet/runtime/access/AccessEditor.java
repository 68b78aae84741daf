package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Changes the access files: whole or not at all, comments kept, owner and mode kept; new ones are their owner's alone.
 * Services see it within a second. For one person at a time. Blocks.
 */
public final class AccessEditor {
    private final AccessFiles files;

    public AccessEditor(Path directory) {
        this.files = new AccessFiles(directory.toAbsolutePath());
    }

    /** @throws BadInput if the name is taken, or what stands there cannot be used */
    public void add(OperatorToken token) throws IOException {
        List<String> lines = lines(files.tokens(), "# NAME ROLE SHA-256 [HOST]");
        if (lines.stream().anyMatch(startsWith(token.name()))) {
            throw new BadInput("name", token.name(), "a name that no token has; revoke that one, or choose another");
        }
        lines.add(token.line());
        write(files.tokens(), lines, OperatorToken::parse);
    }

    /** @return whether there was one */
    public boolean removeToken(String name) throws IOException {
        List<String> lines = lines(files.tokens(), "");
        boolean was = lines.removeIf(startsWith(name));
        if (was) {
            write(files.tokens(), lines, OperatorToken::parse);
        }
        return was;
    }

    /** All tokens: what is kept of them. */
    public List<OperatorToken> tokens() throws IOException {
        return AccessFiles.lines(files.tokens(), OperatorToken::parse);
    }

    /** Ids of the keys that seal node tokens; the first makes them. */
    public List<String> keys() throws IOException {
        return AccessFiles.lines(files.nodeKeys(), NodeKey::parse).stream()
                .map(NodeKey::id)
                .toList();
    }

    /** Makes a key that is known, and does not yet make tokens unless it is the only one. */
    public void addKey(String id) throws IOException {
        if (keys().contains(id)) {
            throw new BadInput("key id", id, "one that no key has, which are " + keys());
        }
        List<String> lines = lines(files.nodeKeys(), "# ID SECRET; the first makes node tokens, all are known");
        lines.add(NodeKey.line(id));
        write(files.nodeKeys(), lines, NodeKey::parse);
    }

    /** From now on this key makes tokens. */
    public void useKey(String id) throws IOException {
        List<String> lines = lines(files.nodeKeys(), "");
        String line = lines.stream()
                .filter(startsWith(id))
                .findFirst()
                .orElseThrow(() -> new BadInput("key id", id, "one of " + keysOrNone()));
        lines.remove(line);
        int first = 0;
        while (first < lines.size() && isComment(lines.get(first))) {
            first++;
        }
        lines.add(first, line);
        write(files.nodeKeys(), lines, NodeKey::parse);
    }

    /** Tokens of this key are no longer known. */
    public void removeKey(String id) throws IOException {
        if (keys().size() <= 1 || !keys().contains(id)) {
            throw new BadInput("key id", id, "one of several: " + keys());
        }
        List<String> lines = lines(files.nodeKeys(), "");
        lines.removeIf(startsWith(id));
        write(files.nodeKeys(), lines, NodeKey::parse);
    }

    public void revoke(Revocation revocation) throws IOException {
        List<String> lines = lines(files.revoked(), "# HOST/INSTANCE BEFORE");
        // A later one says all that an earlier one of the same subject said.
        lines.removeIf(startsWith(revocation.line().split(" ", 2)[0]));
        lines.add(revocation.line());
        write(files.revoked(), lines, Revocation::parse);
    }

    private List<String> keysOrNone() {
        try {
            return keys();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Predicate<String> startsWith(String word) {
        return line -> !isComment(line) && line.strip().split("\\s+", 2)[0].equals(word);
    }

    private static boolean isComment(String line) {
        return line.isBlank() || line.strip().startsWith("#");
    }

    private static List<String> lines(Path file, String title) throws IOException {
        try {
            return new ArrayList<>(Files.readAllLines(file));
        } catch (NoSuchFileException absent) {
            return new ArrayList<>(List.of(title));
        }
    }

    private void write(Path file, List<String> lines, Function<String, ?> parse) throws IOException {
        // A file that a service cannot use must not replace one that it can.
        if (lines.stream()
                .filter(line -> !isComment(line))
                .map(String::strip)
                .map(parse)
                .anyMatch(Objects::isNull)) {
            throw new IllegalStateException("a line was read as nothing");
        }
        Files.createDirectories(
                files.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(beside, lines);
        Optional<PosixFileAttributes> before = Files.exists(file)
                ? Optional.of(Files.readAttributes(file, PosixFileAttributes.class))
                : Optional.empty();
        if (before.isPresent()) {
            PosixFileAttributeView view = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
            PosixFileAttributes own = view.readAttributes();
            if (!own.owner().equals(before.get().owner())) {
                view.setOwner(before.get().owner());
            }
            if (!own.group().equals(before.get().group())) {
                view.setGroup(before.get().group());
            }
            view.setPermissions(before.get().permissions());
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
