package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process is called in the kernel's tables. */
final class ProcessName {
    /** Of every simulated gateway and browser. */
    static final String SIMULATED = "gatefleet-sim";

    private ProcessName() {}

    /**
     * Stops to be one {@code java} among many: a node that looks for gateways among the host's listeners goes by the
     * process' name, as it does with OpenClaw, and takes a plain {@code java} for no gateway.
     */
    static void set(String name) {
        try {
            Files.writeString(Path.of("/proc/self/comm"), name);
        } catch (IOException notLinux) {
            System.err.println("the process keeps its name: " + notLinux);
        }
    }
}
