package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.Layouts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a line of gateways spells what all of them have, and which of the family's switches it knows. All are forks or
 * versions of one program, so the rest is the same.
 *
 * @param prefix of its environment variables
 * @param configFile its configuration
 * @param defaultProfile the browser profile that it has without being told
 * @param run the words that start a gateway in the foreground
 * @param home whether it has a variable of its own for its home; all read {@code HOME}
 * @param readOnlyConfig whether it can be kept from changing its configuration. Where it cannot, {@code create-profile}
 *     writes a CDP port outside a dense lease into the file, and the next start refuses that profile by name
 * @param noAutoUpdate whether its update of itself can be switched off by a variable
 * @param variables further ones, always the same
 * @param relay how the port of the relay for Chrome's extension is pinned in a dense lease
 * @param colored whether a profile without {@code color} is refused
 * @param controlUrl whether the browser control's place can be, and therefore is, said in the configuration
 */
record Dialect(
        String prefix,
        String configFile,
        String defaultProfile,
        List<String> run,
        boolean home,
        boolean readOnlyConfig,
        boolean noAutoUpdate,
        Map<String, String> variables,
        Relay relay,
        boolean colored,
        boolean controlUrl) {
    /** The first OpenClaw whose control service binds a port, and the first with existing-session. */
    private static final String SECOND_LINE = "2026.3";

    private static final String THIRD_LINE = "2026.7.1";

    private static final List<String> GATEWAY = List.of("gateway");
    private static final List<String> GATEWAY_RUN = List.of("gateway", "run");

    /** What is said of the profile {@code chrome}, so that the relay opens no port outside the lease. */
    enum Relay {
        /** It attaches to a Chrome that the user started, and there is no relay. */
        NONE,
        /** It is where the {@code cdpUrl} of a profile with the driver {@code extension} points to. */
        BY_URL,
        /**
         * Nothing: it stands one above browser control, which is where the dense layout has it. OpenClaw's lines from
         * 2026.3.2 to 2026.6 differ in the drivers that they accept, and none needs to be told.
         */
        DERIVED
    }

    Dialect {
        run = List.copyOf(run);
        variables = Map.copyOf(variables);
    }

    /** @param version which decides among OpenClaw's lines */
    static Dialect of(Flavor flavor, String version) {
        // No default branch: a new flavor must fail to compile here.
        return switch (flavor) {
            case OPENCLAW -> openClaw(version);
            // It takes the newest OpenClaw's words, so that what is tried with it is tried for OpenClaw too.
            case SIMULATED -> newest(flavor);
            case CLAWDBOT ->
                new Dialect(
                        prefix(flavor),
                        "clawdbot.json",
                        defaultProfile(flavor),
                        GATEWAY,
                        false,
                        false,
                        false,
                        // Without it, or without NO_RESPAWN, the process that was started is only a
                        // launcher: killed, it leaves the gateway serving.
                        Map.of("NODE_OPTIONS", "--disable-warning=ExperimentalWarning"),
                        Relay.BY_URL,
                        true,
                        // Its command line and its agents' tools look for the control port at
                        // 18791 otherwise, whoever stands there.
                        true);
            case OMNICLAW ->
                new Dialect(
                        prefix(flavor),
                        "omniclaw.json",
                        defaultProfile(flavor),
                        GATEWAY,
                        false,
                        false,
                        false,
                        Map.of("NODE_OPTIONS", "--disable-warning=ExperimentalWarning"),
                        Relay.BY_URL,
                        true,
                        false);
        };
    }

    /** The browser profile that every gateway of a flavor has without being told. */
    static String defaultProfile(Flavor flavor) {
        return switch (flavor) {
            case OPENCLAW, SIMULATED -> "openclaw";
            case CLAWDBOT -> "clawd";
            case OMNICLAW -> "omniclaw";
        };
    }

    private static Dialect openClaw(String version) {
        Dialect newest = newest(Flavor.OPENCLAW);
        if (Layouts.VERSIONS.compare(version, THIRD_LINE) >= 0) {
            return newest;
        }
        boolean second = Layouts.VERSIONS.compare(version, SECOND_LINE) >= 0;
        return new Dialect(
                newest.prefix(),
                newest.configFile(),
                newest.defaultProfile(),
                newest.run(),
                second,
                false,
                second,
                Map.of(),
                second ? Relay.DERIVED : Relay.BY_URL,
                true,
                false);
    }

    private static Dialect newest(Flavor flavor) {
        return new Dialect(
                prefix(flavor),
                flavor + ".json",
                defaultProfile(flavor),
                GATEWAY_RUN,
                true,
                true,
                true,
                Map.of(),
                Relay.NONE,
                false,
                false);
    }

    private static String prefix(Flavor flavor) {
        return flavor.toString().toUpperCase(Locale.ROOT) + "_";
    }

    /**
     * What it is told by its environment, without a secret. The environment is built from nothing, so no other family's
     * variable is in it: OmniClaw falls back to {@code CLAWDBOT_GATEWAY_PORT} and {@code CLAWDBOT_STATE_DIR}, and without
     * a state directory it adopts a {@code ~/.clawdbot} that it finds.
     */
    Map<String, String> environment(InstanceHome of, int base) {
        Map<String, String> environment = new TreeMap<>(variables);
        if (home) {
            environment.put(prefix + "HOME", of.home().toString());
        }
        environment.put(prefix + "STATE_DIR", of.state().toString());
        environment.put(prefix + "CONFIG_PATH", of.config(configFile).toString());
        // Also for the command line: without it, some versions ask the gateway on 18789, whoever that is.
        environment.put(prefix + "GATEWAY_PORT", Integer.toString(base));
        // Two gateways of a host with mDNS on end each other.
        environment.put(prefix + "DISABLE_BONJOUR", "1");
        // A restart stays in the process: otherwise a detached successor takes the port and nobody knows its
        // pid. And the older ones are one process then, not a launcher and a gateway.
        environment.put(prefix + "NO_RESPAWN", "1");
        if (noAutoUpdate) {
            environment.put(prefix + "NO_AUTO_UPDATE", "1");
        }
        return environment;
    }

    /** For the gateway alone; its command line may change the configuration. */
    Map<String, String> whileItRuns() {
        // With it create-profile fails instead of taking a CDP port outside the window, and a configuration
        // that would be "migrated" (ports removed, comments lost) is an honest exit 78.
        return readOnlyConfig ? Map.of(prefix + "CONFIG_READONLY", "1") : Map.of();
    }

    String tokenVariable() {
        return prefix + "GATEWAY_TOKEN";
    }
}
