package io.gatefleet.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for what servers write. It goes at the end, also when somebody presses Ctrl-C. */
public final class Workplace implements AutoCloseable {
    private static final int BLOCK = 4_096;
    private static final int SYNCS = 101;

    private final Path home;
    private final Thread lastResort;

    private Workplace(Path home) {
        this.home = home;
        this.lastResort = new Thread(this::leave, "leave-" + home.getFileName());
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Where the JVM makes its temporary files. */
    public static Workplace make() throws IOException {
        return new Workplace(Files.createTempDirectory("bench-leases-"));
    }

    public Path home() {
        return home;
    }

    /** The median time to write 4 KiB behind the last ones and have the disk keep them, in milliseconds. */
    public double syncMillis() throws IOException {
        long[] nanos = new long[SYNCS];
        try (FileChannel file = FileChannel.open(
                home.resolve("sync"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < SYNCS; i++) {
                long before = System.nanoTime();
                file.write(ByteBuffer.allocate(BLOCK));
                file.force(false);
                nanos[i] = System.nanoTime() - before;
            }
        }
        Arrays.sort(nanos);
        return nanos[SYNCS / 2] / 1e6;
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException ending) {
            // The hook runs already, and finds nothing.
        }
    }

    private void leave() {
        ServerProcess.endAll();
        try (Stream<Path> all = Files.exists(home) ? Files.walk(home) : Stream.<Path>empty()) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
