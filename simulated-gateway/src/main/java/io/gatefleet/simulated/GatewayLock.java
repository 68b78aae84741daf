package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a family keeps a second gateway away: OpenClaw by a file in its state, the older ones by one in TMPDIR that is named
 * after the configuration's path. So with another TMPDIR two of the latter share one state, and do not notice.
 */
final class GatewayLock {
    private static final long LOOK_AGAIN_MILLIS = 50;

    private GatewayLock() {}

    static Path file(Manner manner, Path state, @Nullable Path config, Path tmp) throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        String directory = manner.family() + "-" + user;
        return manner == Manner.OPENCLAW
                ? state.resolve("tmp").resolve(directory).resolve("gateway.state.lock")
                : tmp.resolve(directory)
                        .resolve("gateway.%08x.lock"
                                .formatted(String.valueOf(config).hashCode()));
    }

    /** @return the pid that has it; 0: it is ours until this process ends */
    static long take(Path file, long patienceMillis) throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        long own = ProcessHandle.current().pid();
        // Written first and named then, so that nobody reads half a lock.
        Path draft = file.resolveSibling(file.getFileName() + "." + own);
        Files.writeString(
                draft, "{\"pid\":%d,\"startTime\":%s}".formatted(own, startTime(own)), StandardCharsets.UTF_8);
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        while (true) {
            try {
                Files.createLink(file, draft);
                Files.delete(draft);
                return 0;
            } catch (FileAlreadyExistsException taken) {
                long owner = owner(file);
                if (owner == 0) {
                    // Its owner is dead: each family reclaims such a lock without delay.
                    Files.deleteIfExists(file);
                } else if (System.nanoTime() - deadline >= 0) {
                    Files.delete(draft);
                    return owner;
                } else {
                    Thread.sleep(LOOK_AGAIN_MILLIS);
                }
            }
        }
    }

    /** The living process that wrote it; 0: none. */
    private static long owner(Path file) throws IOException {
        try {
            Object read = Json.read(Files.readString(file));
            long pid = Json.at(read, "pid") instanceof Double number ? number.longValue() : 0;
            String since = Json.at(read, "startTime") instanceof Double number ? "" + number.longValue() : "";
            return since.equals(startTime(pid)) ? pid : 0;
        } catch (NoSuchFileException | IllegalArgumentException goneOrHalfWritten) {
            return 0;
        }
    }

    private static String startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        } catch (IOException gone) {
            return "gone";
        }
    }
}
