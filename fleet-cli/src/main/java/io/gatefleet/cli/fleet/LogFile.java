package io.gatefleet.cli.fleet;

import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The logs of a fleet's home, private to this user: {@code up.log}, and one for each node. */
public final class LogFile {
    /** A log that is larger when its writer starts makes room for a new one; one old log is kept. */
    private static final long LARGE = 10L << 20;

    private LogFile() {}

    /** Of the control plane. */
    public static Path ofUp(Path home) {
        return home.resolve("logs").resolve("up.log");
    }

    /** Of an instance's node. */
    static Path ofNode(Path home, InstanceId instance) {
        return home.resolve("logs").resolve(instance + ".log");
    }

    /** Makes its directory, and room where it has grown large. */
    public static void prepare(Path log) throws IOException {
        Files.createDirectories(
                log.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.exists(log) && Files.size(log) > LARGE) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
