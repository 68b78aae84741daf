package io.gatefleet.node;

import io.gatefleet.node.gateway.InstanceHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One node per instance home: a lock on {@code node.lock}, held until the process ends. The kernel frees it with the
 * process, whatever killed it.
 */
public final class InstanceLock implements AutoCloseable {
    /**
     * The locks of this process. To close any second channel on a lock file drops the lock of the first, while the first
     * goes on saying that it is valid (measured); so a file that is locked here is never opened again.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final InstanceHome home;
    private final Path file;
    private final FileChannel channel;

    private InstanceLock(InstanceHome home, Path file, FileChannel channel) {
        this.home = home;
        this.file = file;
        this.channel = channel;
    }

    /** What came of it. */
    public sealed interface Locking {
        /** This node runs the instance. */
        record Taken(InstanceLock lock) implements Locking {}

        /** Another one does; its pid, where its file says it. */
        record AlreadyRunning(OptionalLong pid) implements Locking {}
    }

    /** Takes the lock of a home that exists, or says who has it. Blocks for small files. */
    public static Locking take(InstanceHome home) throws IOException {
        Path file = home.root().resolve("node.lock");
        // Not in the lock file: whoever would read the pid there would open it, and drop the lock by closing it.
        Path pidFile = home.root().resolve("node.pid");
        if (!OURS.add(file)) {
            return new Locking.AlreadyRunning(
                    OptionalLong.of(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return new Locking.AlreadyRunning(pid(pidFile));
            }
            taken = true;
            Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
            return new Locking.Taken(new InstanceLock(home, file, channel));
        } finally {
            if (!taken) {
                OURS.remove(file);
            }
        }
    }

    private static OptionalLong pid(Path file) throws IOException {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (NoSuchFileException | NumberFormatException unknown) {
            return OptionalLong.empty(); // its node has the lock and has not written yet
        }
    }

    /** What is locked. */
    public InstanceHome home() {
        return home;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        OURS.remove(file);
    }
}
