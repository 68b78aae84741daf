package io.gatefleet.cli.fleet;

import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.InstanceId;
import java.util.OptionalInt;

/** What reaches the one thread that runs the fleet. */
sealed interface Happening {
    /** A node spoke. */
    record Spoke(Beat beat) implements Happening {}

    /**
     * A node's process is gone.
     *
     * @param exitCode unknown for one that was found running: it is no child of this process
     */
    record NodeEnded(InstanceId instance, long pid, OptionalInt exitCode) implements Happening {}

    /** Somebody wants this process to end. */
    record Signalled(String name) implements Happening {}
}
