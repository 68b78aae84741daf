package io.gatefleet.doctor.host;

import io.gatefleet.doctor.census.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A host's files as seen from its root directory: {@code /} of this host, or of a tree that stands for one. Paths go in
 * and come out as that host knows them.
 */
final class Rooted {
    private static final int LONGEST = 4 << 20;

    private final Path root;
    private final List<String> unseen = new ArrayList<>();

    Rooted(Path root) {
        this.root = root;
    }

    Path at(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        return relative.isEmpty() ? root : root.resolve(relative).normalize();
    }

    private String shown(Path path) {
        return path.startsWith(root) ? "/" + root.relativize(path) : path.toString();
    }

    boolean isFile(String path) {
        return Files.isRegularFile(at(path));
    }

    boolean isDirectory(String path) {
        return Files.isDirectory(at(path));
    }

    /** Empty if there is none; one that may not be read is remembered as unseen. */
    Optional<String> text(String path) {
        return bytes(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Empty if there is no such file, or it is longer than 4 MiB; one that may not be read is remembered as unseen. */
    Optional<byte[]> bytes(String path) {
        Path file = at(path);
        try {
            // Root reads what others may have put there: a pipe would keep it waiting for ever.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(LONGEST + 1); // /proc gives its files no size
                return bytes.length > LONGEST ? Optional.empty() : Optional.of(bytes);
            }
        } catch (AccessDeniedException denied) {
            unseen(path + " may not be read");
            return Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Like {@link #text}, for what only a process' owner may read: the caller says what that means. */
    Optional<String> quietly(String path) {
        try (var in = Files.newInputStream(at(path))) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
        } catch (IOException notForUs) {
            return Optional.empty();
        }
    }

    /** Names of a directory's entries, sorted; none if it is not there. */
    List<String> names(String directory) {
        try (Stream<Path> entries = Files.list(at(directory))) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (AccessDeniedException denied) {
            unseen(directory + " may not be listed");
            return List.of();
        } catch (IOException | UncheckedIOException gone) {
            return List.of();
        }
    }

    /** The target of a symbolic link as it is written; empty if there is none or it may not be read. */
    Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(at(path)).toString());
        } catch (IOException | UnsupportedOperationException notForUs) {
            return Optional.empty();
        }
    }

    /** With every symbolic link followed, as far as the path exists. */
    String real(String path) {
        Path file = at(path);
        Path missing = null;
        for (Path existing = file; existing != null; existing = existing.getParent()) {
            try {
                Path real = existing.toRealPath();
                Path realRoot = root.toRealPath();
                Path whole = missing == null ? real : real.resolve(missing);
                return whole.startsWith(realRoot) ? "/" + realRoot.relativize(whole) : whole.toString();
            } catch (IOException notThere) {
                Path name = existing.getFileName();
                missing = name == null ? missing : missing == null ? name : name.resolve(missing);
            }
        }
        return shown(file);
    }

    Place place(String path) {
        Path file = at(path);
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            return new Place(
                    path,
                    real(path),
                    true,
                    attributes.isDirectory(),
                    mode(attributes.permissions()),
                    attributes.owner().getName(),
                    reachable(file));
        } catch (IOException | UnsupportedOperationException absent) {
            return new Place(path, real(path), false, false, 0, "", false);
        }
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (char bit : PosixFilePermissions.toString(permissions).toCharArray()) {
            mode = mode << 1 | (bit == '-' ? 0 : 1);
        }
        return mode;
    }

    /** Whether every directory from the root down lets other users through. */
    private boolean reachable(Path file) throws IOException {
        for (Path above = file.getParent(); above != null && above.startsWith(root); above = above.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(above, new LinkOption[0]);
            if (!above.equals(root) && !permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    void unseen(String what) {
        if (!unseen.contains(what)) {
            unseen.add(what);
        }
    }

    List<String> unseen() {
        return List.copyOf(unseen);
    }
}
