package io.gatefleet.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only grows, by whole lines, and makes room for the next when it is large: {@code FILE.1} is the one before,
 * and so on. Its owner's alone, mode 0600. Blocks; for one thread.
 */
public final class LineFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LineFile.class);

    private final Path file;
    private final Keeping keeping;
    private @Nullable FileChannel channel;

    public LineFile(Path file, Keeping keeping) {
        this.file = file;
        this.keeping = keeping;
    }

    /** Makes the directory that the file stands in, for its owner alone. */
    public static void makeRoom(Path file) throws IOException {
        Files.createDirectories(
                file.toAbsolutePath().getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Appends; what is given ends with the end of a line. After a failure the next call begins anew. */
    public void append(byte[] lines) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            boolean cutOff = endsWithinALine();
            open = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel = open;
            if (cutOff) {
                open.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
        ByteBuffer rest = ByteBuffer.wrap(lines);
        while (rest.hasRemaining()) {
            open.write(rest);
        }
        if (keeping.sync()) {
            open.force(false);
        }
        if (open.size() >= keeping.fileBytes()) {
            close();
            rotate();
        }
    }

    /** Whoever wrote before was killed, or the disk was full: the next line must not be glued to that rest. */
    private boolean endsWithinALine() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (FileChannel before = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            before.read(last, before.size() - 1);
            return last.get(0) != '\n';
        }
    }

    private void rotate() throws IOException {
        if (keeping.files() == 1) {
            Files.delete(file);
            return;
        }
        for (int age = keeping.files() - 2; age >= 0; age--) {
            Path from = aged(age);
            if (Files.exists(from)) {
                Files.move(from, aged(age + 1), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path aged(int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException cause) {
            log.warn("{} cannot be closed", file, cause);
        } finally {
            channel = null;
        }
    }
}
