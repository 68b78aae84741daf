package io.gatefleet.faults.nemesis;

import java.io.IOException;

/** A process of the fleet that faults are done to. */
interface Player {
    /** Begins its next life, unless it lives; waits for nothing. */
    void start() throws IOException;

    /** SIGSTOP. */
    void pause() throws IOException, InterruptedException;

    /** SIGCONT; does no harm to one that was not paused. */
    void wake() throws IOException, InterruptedException;

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException;

    /** Is told to end, and started again; returns when it takes work. */
    void restart() throws IOException, InterruptedException;

    /** SIGTERM; waits for nothing. */
    void tell();

    boolean isAlive();

    /** Its process, or that of its last life; 0 where there was none. */
    long pid();
}
