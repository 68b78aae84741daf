package io.gatefleet.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One writer for each file of lines: a lock on {@code FILE.lock}, which stays where it is when the files move on. The kernel
 * frees it with the process, whatever killed it. The holder's pid stands in it.
 */
public final class WriterLock implements AutoCloseable {
    private static final int LONGEST_PID = 20;

    /**
     * The locks of this process. To close any second channel on a lock file drops the lock of the first, while the first
     * goes on saying that it is valid (measured); so a file that is locked here is never opened again.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private WriterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Blocks for small files.
     *
     * @param lines the file that is to be written, in a directory that exists
     * @throws FileInUse if somebody else has it
     */
    public static WriterLock take(Path lines) throws IOException {
        Path file = lockOf(lines);
        if (!OURS.add(file)) {
            throw new FileInUse(lines, OptionalLong.of(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        // Closed by hand: once the lock is ours, it stays open until its writer ends.
        @Nullable FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new FileInUse(lines, pid(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            taken = true;
            return new WriterLock(file, channel);
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                OURS.remove(file);
            }
        }
    }

    /** The same for every name of a file: a link leads to the one that it stands for. */
    private static Path lockOf(Path lines) throws IOException {
        Path real = Files.exists(lines)
                ? lines.toRealPath()
                : lines.toAbsolutePath().resolveSibling(".").toRealPath().resolve(lines.getFileName());
        return real.resolveSibling(real.getFileName() + ".lock");
    }

    private static OptionalLong pid(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_PID);
        channel.read(text, 0);
        try {
            return OptionalLong.of(
                    Long.parseLong(new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip()));
        } catch (NumberFormatException notWrittenYet) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            OURS.remove(file);
        }
    }
}
