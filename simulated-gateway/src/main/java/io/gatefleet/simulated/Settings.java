package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated gateway is told: by its command line, its environment and its configuration file, in the order of
 * precedence that was measured with the family that it imitates. {@code X_} stands for the family's prefix, for example
 * {@code CLAWDBOT_}.
 *
 * @param manner whose habits it has
 * @param port {@code --port}, else {@code X_GATEWAY_PORT}, else {@code gateway.port}, else 18789
 * @param token {@code gateway.auth.token}, else {@code X_GATEWAY_TOKEN}: here the file wins
 * @param config {@code X_CONFIG_PATH}, else {@code X.json} in the state; null: none, as only a plain simulated one may
 * @param state {@code X_STATE_DIR}, else {@code ~/.x}: browsers' user data
 * @param tmp {@code TMPDIR}, else {@code /tmp}: the older families' locks
 * @param control browser control: base + 2, or the port of {@code browser.controlUrl} where the family has that
 * @param relayPort extension relay: by the family's offset, or the port of {@code browser.profiles.chrome.cdpUrl}
 * @param cdpPorts {@code browser.profiles.NAME.cdpPort}; the default profile stands at control + 9 where nothing is said
 * @param relay false where {@code browser.profiles.chrome} is an existing session: then nothing opens the relay's port
 * @param listenMillis {@code simulated.listenMillis}: pause before anything listens
 * @param startupMillis {@code simulated.startupMillis}: pause between listening and ready
 * @param drainMillis {@code simulated.drainMillis}: how long it takes to end after SIGTERM; -1: for ever
 * @param bindMillis {@code simulated.bindMillis}: how long it tries to get a busy port
 * @param lockMillis {@code simulated.lockMillis}: how long it waits for another one's lock; -1: it takes none
 * @param say {@code simulated.say}: printed before it is ready
 */
record Settings(
        Manner manner,
        int port,
        String token,
        @Nullable Path config,
        Path state,
        Path tmp,
        int control,
        int relayPort,
        Map<String, Integer> cdpPorts,
        boolean relay,
        long listenMillis,
        long startupMillis,
        long drainMillis,
        long bindMillis,
        long lockMillis,
        String say) {
    private static final int HIGHEST_PORT = 65535;

    /** Sections that gateways know; anything else is an unrecognized key to all of them. */
    private static final Set<String> SECTIONS = Set.of(
            "agents",
            "auth",
            "bindings",
            "browser",
            "canvasHost",
            "channels",
            "commands",
            "cron",
            "diagnostics",
            "discovery",
            "env",
            "gateway",
            "hooks",
            "logging",
            "messages",
            "meta",
            "models",
            "plugins",
            "session",
            "simulated",
            "skills",
            "talk",
            "tools",
            "ui",
            "update",
            "web",
            "wizard");

    /** A configuration that the gateway does not start with. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why);
        }
    }

    /** @param portFlag what {@code --port} says; null: nothing */
    static Settings read(Manner manner, @Nullable String portFlag, Map<String, String> environment) throws Unusable {
        Path state = manner.state(environment);
        Path file = configFile(manner, environment, state);
        Object config = file == null ? Map.of() : config(manner, file);
        int port = port(manner, portFlag, environment, config);
        Object token = Json.at(config, "gateway", "auth", "token");
        String known =
                token instanceof String text ? text : environment.getOrDefault(manner.name() + "_GATEWAY_TOKEN", "");
        if (known.isEmpty() && manner == Manner.OMNICLAW) {
            throw new Unusable("Gateway auth is set to token, but no token is configured");
        }
        int control = manner == Manner.CLAWDBOT ? portOf(Json.at(config, "browser", "controlUrl"), port + 2) : port + 2;
        Map<String, Integer> cdpPorts = new LinkedHashMap<>();
        cdpPorts.put(manner.defaultProfile(), control + 9);
        Object chrome = Json.at(config, "browser", "profiles", "chrome");
        if (Json.at(config, "browser", "profiles") instanceof Map<?, ?> profiles) {
            for (Map.Entry<?, ?> profile : profiles.entrySet()) {
                if (Json.at(profile.getValue(), "cdpPort") instanceof Double pinned) {
                    cdpPorts.put(String.valueOf(profile.getKey()), pinned.intValue());
                }
            }
        }
        int relayPort = manner.hasProbes() ? port + manner.relayOffset() : control + manner.relayOffset() - 2;
        boolean browses = !Boolean.FALSE.equals(Json.at(config, "browser", "enabled"));
        return new Settings(
                manner,
                port,
                known,
                file,
                state,
                Path.of(environment.getOrDefault("TMPDIR", "/tmp")),
                browses ? control : -1,
                portOf(Json.at(chrome, "cdpUrl"), relayPort),
                cdpPorts,
                browses && !"existing-session".equals(Json.at(chrome, "driver")),
                millis(config, "listenMillis", 0),
                millis(config, "startupMillis", 100),
                millis(config, "drainMillis", 0),
                millis(config, "bindMillis", manner.bindMillis()),
                millis(config, "lockMillis", manner.lockMillis()),
                Json.at(config, "simulated", "say") instanceof String line ? line : "");
    }

    private static @Nullable Path configFile(Manner manner, Map<String, String> environment, Path state) {
        String said = environment.get(manner.name() + "_CONFIG_PATH");
        if (said != null) {
            return Path.of(said);
        }
        return manner == Manner.SIMULATED ? null : state.resolve(manner.family() + ".json");
    }

    private static Object config(Manner manner, Path file) throws Unusable {
        boolean newer = manner.hasProbes();
        Object config;
        try {
            config = Json.read(Files.readString(file));
        } catch (IOException cause) {
            throw new Unusable("Missing config: " + file);
        } catch (IllegalArgumentException cause) {
            throw new Unusable(
                    newer
                            ? "Invalid config " + file + ": " + cause.getMessage()
                            : "Config invalid: JSON5 parse failed: " + cause.getMessage());
        }
        if (config == null || !"local".equals(Json.at(config, "gateway", "mode"))) {
            throw new Unusable("Gateway start blocked: existing config is missing gateway.mode");
        }
        if (manner != Manner.SIMULATED && config instanceof Map<?, ?> sections) {
            for (Object section : sections.keySet()) {
                if (!SECTIONS.contains(section)) {
                    throw new Unusable((newer ? "Invalid config at " + file : "Config invalid")
                            + ": Unrecognized key: \"" + section + "\"");
                }
            }
        }
        return config;
    }

    private static int port(
            Manner manner, @Nullable String flag, Map<String, String> environment, @Nullable Object config)
            throws Unusable {
        String said = flag != null ? flag : manner.variable(environment, "GATEWAY_PORT");
        Object member = Json.at(config, "gateway", "port");
        int port;
        try {
            port = said != null
                    ? Integer.parseInt(said)
                    : member instanceof Double number ? number.intValue() : Manner.DEFAULT_PORT;
        } catch (NumberFormatException noNumber) {
            throw new Unusable("Invalid config: " + manner.name() + "_GATEWAY_PORT: " + said);
        }
        if (port < 1 || port > HIGHEST_PORT) {
            // OpenClaw takes its default port instead; a simulated one must not disturb who has that.
            throw new Unusable("RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536: " + port);
        }
        return port;
    }

    /** The port of an address such as {@code http://127.0.0.1:18791}. */
    private static int portOf(@Nullable Object url, int otherwise) {
        String text = url instanceof String address ? address.replaceFirst("/$", "") : "";
        String digits = text.substring(text.lastIndexOf(':') + 1);
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : otherwise;
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
