package io.gatefleet.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Signals that Java cannot send by itself. */
public enum Signal {
    /** Freezes. */
    STOP,
    /** Wakes. */
    CONT,
    TERM,
    INT,
    HUP,
    KILL;

    /**
     * Sends it to one process.
     *
     * @throws IllegalStateException with what was said where it could not be sent
     */
    public void to(long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name() + " " + pid)
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -" + name() + " " + pid + ": " + said.strip());
        }
    }
}
