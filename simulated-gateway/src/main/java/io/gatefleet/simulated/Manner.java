package io.gatefleet.simulated;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose habits a simulated gateway has, as they were measured with the real programs. */
enum Manner {
    /** OpenClaw's habits under names of its own; a second one on the same state is not refused. */
    SIMULATED("2026.9.6", "openclaw", 4),
    /** As 2026.9.6. */
    OPENCLAW("2026.9.6", "openclaw", 4),
    /** As 2026.1.24-3. */
    CLAWDBOT("dev", "clawd", 3),
    /** As 2026.2.1, without its web application built. */
    OMNICLAW("dev", "omniclaw", 3);

    /** What every family starts with when nobody says anything. */
    static final int DEFAULT_PORT = 18789;

    private final String version;
    private final String profile;
    private final int protocol;

    Manner(String version, String profile, int protocol) {
        this.version = version;
        this.profile = profile;
        this.protocol = protocol;
    }

    /** @throws IllegalArgumentException for a name that is none */
    static Manner parse(String name) {
        for (Manner manner : values()) {
            if (manner.family().equals(name)) {
                return manner;
            }
        }
        throw new IllegalArgumentException("--manner: " + name + " (expected: one of " + List.of(values()) + ")");
    }

    /** In lower case, as in commands and file names. */
    String family() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it says in its hello; the older families do not know their own. */
    String version() {
        return version;
    }

    /** The browser profile that is there without being configured. */
    String defaultProfile() {
        return profile;
    }

    /** The WebSocket protocol that it speaks. */
    int protocol() {
        return protocol;
    }

    /** A family's variable; OmniClaw reads Clawdbot's where its own is not set, and so may reach another gateway's state. */
    @Nullable
    String variable(Map<String, String> environment, String name) {
        String own = environment.get(name() + "_" + name);
        boolean inherits = this == OMNICLAW && (name.equals("GATEWAY_PORT") || name.equals("STATE_DIR"));
        return own == null && inherits ? environment.get(CLAWDBOT.name() + "_" + name) : own;
    }

    /** Where its state is. OmniClaw adopts Clawdbot's where it has none yet. */
    Path state(Map<String, String> environment) {
        String said = variable(environment, "STATE_DIR");
        if (said != null) {
            return Path.of(said);
        }
        if (this == SIMULATED) {
            return Path.of(".");
        }
        Path home = Path.of(environment.getOrDefault("HOME", "."));
        Path own = home.resolve("." + family());
        Path older = home.resolve("." + CLAWDBOT.family());
        return this == OMNICLAW && !Files.exists(own) && Files.isDirectory(older) ? older : own;
    }

    /** The code for a configuration that it does not start with. */
    int configurationExit() {
        return this == SIMULATED || this == OPENCLAW ? 78 : 1;
    }

    /** The code for a state or configuration that another one has. */
    int duplicateExit() {
        return configurationExit();
    }

    /** HTTP tells the truth, and the hello a boot id; in the others every path is the web application's. */
    boolean hasProbes() {
        return this == SIMULATED || this == OPENCLAW;
    }

    /** Offset of the extension relay. */
    int relayOffset() {
        return hasProbes() ? 10 : 3;
    }

    /** Whether the relay is bound at start, and not on first use of a browser. */
    boolean bindsRelayAtStart() {
        return !hasProbes();
    }

    /** Whether browser control is bound at start, without any authentication. */
    boolean bindsControlAtStart() {
        return this == CLAWDBOT;
    }

    /** How long it tries to get its port: 20 times in 10 s, or once. */
    long bindMillis() {
        return this == OPENCLAW ? 10_000 : 0;
    }

    /** How long it waits for another one's lock; -1: it takes none. */
    long lockMillis() {
        return switch (this) {
            case SIMULATED -> -1;
            case OPENCLAW -> 2_000;
            case CLAWDBOT, OMNICLAW -> 5_000;
        };
    }

    @Override
    public String toString() {
        return family();
    }
}
