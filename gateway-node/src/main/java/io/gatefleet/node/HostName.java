package io.gatefleet.node;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The host id of a machine whose operator gave it none. */
final class HostName {
    private HostName() {}

    /**
     * The kernel's host name in lower case.
     *
     * @throws BadInput if that is no RFC 1123 name
     */
    static HostId own() throws IOException {
        // Not InetAddress.getLocalHost(): it asks the resolver, which takes seconds where the name is in no DNS.
        return of(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    }

    static HostId of(String name) {
        try {
            return new HostId(name.toLowerCase(Locale.ROOT));
        } catch (BadInput bad) {
            throw new BadInput("host name", name, bad.expected() + "; give another one with --host");
        }
    }
}
