package io.gatefleet.node.port;

import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Free ports in a row, below the ephemeral range, for one test: it finds them by asking the kernel, and keeps them from
 * every other test on this machine until it is closed. The 110 ports below them are free and kept, too, so that no
 * neighbour disturbs.
 *
 * <p>Kept by locks on the bytes of a file, one for each port, and not by sockets: so the product under test may guard and
 * bind everything.
 */
public final class FreeWindow implements AutoCloseable {
    private static final int FIRST_PORT = 1024;
    private static final int MOST_TRIES = 2_000;

    /** Never closed: closing any channel on a file drops all locks that the process has on it. */
    private static final FileChannel LOCKS = open();

    private final PortRange range;
    private final FileLock kept;

    private FreeWindow(PortRange range, FileLock kept) {
        this.range = range;
        this.kept = kept;
    }

    private static FileChannel open() {
        String name = "free-windows-" + System.getProperty("user.name") + ".lock";
        try {
            return FileChannel.open(
                    Path.of(System.getProperty("java.io.tmpdir"), name),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    /** @throws IllegalStateException if this machine has no such window */
    public static FreeWindow of(int width) {
        try {
            int lowest = FIRST_PORT + NeighbourCheck.REACH;
            int highest = Kernel.ephemeral().first() - width;
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                int first = ThreadLocalRandom.current().nextInt(lowest, highest + 1);
                PortRange whole = new PortRange(first - NeighbourCheck.REACH, first + width - 1);
                FileLock kept = keep(whole);
                if (kept == null) {
                    continue;
                }
                PortSet ports = PortSet.of(whole);
                if (Kernel.againstGuards(ports).isEmpty()
                        && PortProbe.busy(ports, PortSet.EMPTY).isEmpty()) {
                    return new FreeWindow(PortRange.of(first, width), kept);
                }
                kept.release();
            }
            throw new IllegalStateException("no " + width + " free ports in a row below the ephemeral range");
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static @Nullable FileLock keep(PortRange range) throws IOException {
        try {
            return LOCKS.tryLock(range.first(), range.width(), false);
        } catch (OverlappingFileLockException keptByThisProcess) {
            return null;
        }
    }

    public PortRange range() {
        return range;
    }

    public PortSet ports() {
        return PortSet.of(range);
    }

    public int first() {
        return range.first();
    }

    public int last() {
        return range.last();
    }

    /** A port of the window (or, below 0, of those before it) on one of this machine's addresses. */
    public InetSocketAddress at(String address, int offset) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), first() + offset);
        } catch (UnknownHostException noAddress) {
            throw new UncheckedIOException(noAddress);
        }
    }

    @Override
    public void close() {
        try {
            kept.release();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    @Override
    public String toString() {
        return range.toString();
    }
}
