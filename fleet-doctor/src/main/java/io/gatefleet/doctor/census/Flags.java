package io.gatefleet.doctor.census;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command-line options that decide where a gateway stands. Values of secrets are not kept.
 *
 * @param profile {@code --profile}, or {@code dev} for {@code --dev}
 * @param port {@code --port} as written
 * @param bind {@code --bind}
 * @param token whether {@code --token} or {@code --password} carries a secret for every user of the host to read
 * @param force whether {@code --force} kills whoever listens on the port
 */
public record Flags(
        @Nullable String profile,
        @Nullable String port,
        @Nullable String bind,
        boolean token,
        boolean force) {
    public static final Flags NONE = new Flags(null, null, null, false, false);

    private static final Set<String> WITH_VALUE =
            Set.of("--profile", "--port", "--bind", "--token", "--password", "--auth", "--tailscale");

    /** @param arguments of the program, itself first or not */
    public static Flags of(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        boolean dev = false;
        boolean force = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            dev |= argument.equals("--dev");
            force |= argument.equals("--force");
            if (!WITH_VALUE.contains(name)) {
                continue;
            }
            if (equals >= 0) {
                values.put(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                values.put(name, arguments.get(++i));
            }
        }
        boolean secret = filled(values.get("--token")) || filled(values.get("--password"));
        String profile = values.getOrDefault("--profile", dev ? "dev" : null);
        return new Flags(profile, values.get("--port"), values.get("--bind"), secret, force);
    }

    /** A reference such as {@code $TOKEN} is expanded before anybody else can read it; a unit's text does not expand. */
    private static boolean filled(@Nullable String secret) {
        return secret != null && !secret.isBlank();
    }

    /** This, and what only {@code other} says. */
    public Flags or(Flags other) {
        return new Flags(
                profile != null ? profile : other.profile,
                port != null ? port : other.port,
                bind != null ? bind : other.bind,
                token || other.token,
                force || other.force);
    }
}
