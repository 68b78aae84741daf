package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated gateway is told: by its configuration file and by its environment, which wins, as in OpenClaw.
 *
 * @param port {@code SIMULATED_GATEWAY_PORT}, else {@code gateway.port}
 * @param token {@code gateway.auth.token}, else {@code SIMULATED_GATEWAY_TOKEN}: here OpenClaw's file wins
 * @param state {@code SIMULATED_STATE_DIR}: browsers' user data
 * @param cdpPorts {@code browser.profiles.NAME.cdpPort}; the default profile stands at base + 11 where nothing is said
 * @param relay false where {@code browser.profiles.chrome} is an existing session: then nothing opens base + 10
 * @param listenMillis {@code simulated.listenMillis}: pause before anything listens
 * @param startupMillis {@code simulated.startupMillis}: pause between listening and ready
 * @param drainMillis {@code simulated.drainMillis}: how long it takes to end after SIGTERM; -1: for ever
 * @param say {@code simulated.say}: printed before it is ready
 */
record Settings(
        int port,
        String token,
        Path state,
        Map<String, Integer> cdpPorts,
        boolean relay,
        long listenMillis,
        long startupMillis,
        long drainMillis,
        String say) {
    /** OpenClaw's code for a configuration that it does not start with. */
    static final int EX_CONFIG = 78;

    static final String DEFAULT_PROFILE = "openclaw";

    /** A configuration that no gateway starts with. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why);
        }
    }

    static Settings read(Map<String, String> environment) throws Unusable {
        Object config = Map.of();
        String file = environment.get("SIMULATED_CONFIG_PATH");
        if (file != null) {
            try {
                config = Json.read(Files.readString(Path.of(file)));
            } catch (IOException cause) {
                throw new Unusable("Missing config: " + file);
            } catch (IllegalArgumentException cause) {
                throw new Unusable("Invalid config " + file + ": " + cause.getMessage());
            }
            if (!"local".equals(Json.at(config, "gateway", "mode"))) {
                throw new Unusable("Gateway start blocked: existing config is missing gateway.mode");
            }
        }
        int port = whole("gateway.port", environment.get("SIMULATED_GATEWAY_PORT"), Json.at(config, "gateway", "port"));
        Object token = Json.at(config, "gateway", "auth", "token");
        Map<String, Integer> cdpPorts = new LinkedHashMap<>();
        cdpPorts.put(DEFAULT_PROFILE, port + 11);
        boolean relay = true;
        if (Json.at(config, "browser", "profiles") instanceof Map<?, ?> profiles) {
            for (Map.Entry<?, ?> profile : profiles.entrySet()) {
                if (Json.at(profile.getValue(), "cdpPort") instanceof Double pinned) {
                    cdpPorts.put(String.valueOf(profile.getKey()), pinned.intValue());
                }
            }
            relay = !"existing-session".equals(Json.at(profiles, "chrome", "driver"));
        }
        return new Settings(
                port,
                token instanceof String text ? text : environment.getOrDefault("SIMULATED_GATEWAY_TOKEN", ""),
                Path.of(environment.getOrDefault("SIMULATED_STATE_DIR", ".")),
                cdpPorts,
                relay,
                millis(config, "listenMillis", 0),
                millis(config, "startupMillis", 100),
                millis(config, "drainMillis", 0),
                Json.at(config, "simulated", "say") instanceof String line ? line : "");
    }

    private static int whole(String name, @Nullable String variable, @Nullable Object member) throws Unusable {
        try {
            if (variable != null) {
                return Integer.parseInt(variable);
            }
        } catch (NumberFormatException noNumber) {
            throw new Unusable("Invalid config: SIMULATED_GATEWAY_PORT: " + variable);
        }
        if (member instanceof Double number) {
            return number.intValue();
        }
        throw new Unusable("Invalid config: " + name + ": " + member);
    }

    private static long millis(@Nullable Object config, String name, long otherwise) {
        return Json.at(config, "simulated", name) instanceof Double number ? number.longValue() : otherwise;
    }

    /** How a child in the same JVM and class path is called; the flags keep it small. */
    static List<String> java(String main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                main);
    }
}
