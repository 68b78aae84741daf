package io.gatefleet.cli.fleet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One {@code up} per home: a lock on {@code up.lock}, held until the process ends, which the kernel sees to. The file is
 * never opened a second time by the process that holds it: closing any channel of it would drop the lock.
 */
final class FleetLock implements AutoCloseable {
    private final FileChannel channel;

    private FleetLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Empty: somebody else has the lock. */
    static Optional<FleetLock> take(Path home) throws IOException {
        FileChannel channel =
                FileChannel.open(home.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new FleetLock(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
