package io.gatefleet.doctor.census;

import org.jspecify.annotations.Nullable;

/**
 * A browser.
 *
 * @param pid its main process
 * @param orphan whether its parent is gone
 * @param userData {@code --user-data-dir}, links followed; null: the user's own profile
 * @param state the gateway's state directory that the user data lie in, links followed; null: they lie elsewhere
 * @param port where it answers the DevTools protocol; null: it does not
 */
public record Chrome(
        int pid,
        boolean orphan,
        @Nullable String userData,
        @Nullable String state,
        @Nullable Integer port) {}
