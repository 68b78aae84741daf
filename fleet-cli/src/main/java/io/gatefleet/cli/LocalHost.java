package io.gatefleet.cli;

import io.gatefleet.contract.host.HostId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** This machine's default id in a fleet: its host name. */
final class LocalHost {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    private LocalHost() {}

    /** The kernel's host name in lower case; {@code localhost} where that is no valid id. Asks no name server. */
    static HostId id() {
        try {
            return new HostId(Files.readString(NAME).strip().toLowerCase(Locale.ROOT));
        } catch (IOException | IllegalArgumentException unusable) {
            return new HostId("localhost");
        }
    }
}
