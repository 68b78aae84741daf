package io.gatefleet.doctor.census;

import org.jspecify.annotations.Nullable;

/**
 * A systemd unit that starts a gateway.
 *
 * @param name for example {@code openclaw-gateway.service}
 * @param path where it stands
 * @param personal whether it belongs to a user's own systemd
 * @param environment its {@code Environment=} and {@code EnvironmentFile=}
 * @param inlineSecret whether {@code Environment=} itself carries a token or password
 * @param file the unit's own place, with its mode
 * @param flags of its {@code ExecStart=}
 * @param program the gateway's script or command in {@code ExecStart=}; null: not recognised
 */
public record Unit(
        String name,
        String path,
        boolean personal,
        Environment environment,
        boolean inlineSecret,
        Place file,
        Flags flags,
        @Nullable String program) {}
