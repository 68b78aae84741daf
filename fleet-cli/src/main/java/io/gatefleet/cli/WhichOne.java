package io.gatefleet.cli;

import io.gatefleet.contract.instance.InstanceId;
import org.jspecify.annotations.Nullable;

/** Insists that one instance is meant, or all of a host. */
final class WhichOne {
    private WhichOne() {}

    /** @return null: all */
    static @Nullable InstanceId of(@Nullable InstanceId instance, boolean all) {
        if ((instance == null) != all) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK,
                    instance == null ? "INSTANCE: absent (expected: one instance, or --all)" : "INSTANCE and --all",
                    "Name one instance, or say --all for all of the host.");
        }
        return instance;
    }
}
