package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the families look for state, configuration and workspace: their rules, applied to one environment. */
final class Locations {
    private static final Pattern STATE =
            Pattern.compile("\\.(openclaw|clawdbot|omniclaw)(?:-([A-Za-z0-9][A-Za-z0-9_-]*))?");

    private final Rooted host;

    Locations(Rooted host) {
        this.host = host;
    }

    /**
     * A directory named as the families name their state.
     *
     * @param profile null: the default one
     */
    record StateName(Flavor flavor, @Nullable String profile) {
        static Optional<StateName> of(String path) {
            Matcher match = STATE.matcher(path.substring(path.lastIndexOf('/') + 1));
            return match.matches()
                    ? Optional.of(new StateName(Flavor.parse(match.group(1)), match.group(2)))
                    : Optional.empty();
        }
    }

    /** Whose state a directory is: by its name, else by the configuration that lies in it. */
    Optional<StateName> named(String state) {
        return StateName.of(state).or(() -> Stream.of(Flavor.OPENCLAW, Flavor.CLAWDBOT, Flavor.OMNICLAW)
                .filter(flavor -> host.isFile(state + "/" + flavor + ".json"))
                .map(flavor -> new StateName(flavor, null))
                .findFirst());
    }

    /** HOME as the family takes it; OpenClaw has a variable of its own that goes before. */
    static String home(Flavor flavor, Map<String, String> variables, String account) {
        String home = variables.getOrDefault("HOME", account);
        return flavor == Flavor.OPENCLAW
                ? value(variables, "OPENCLAW_HOME")
                        .map(own -> absolute(own, home))
                        .orElse(home)
                : home;
    }

    String state(Flavor flavor, Map<String, String> variables, @Nullable String profile, String home) {
        Optional<String> stated = stated(flavor, variables, "STATE_DIR");
        if (stated.isPresent()) {
            return absolute(stated.get(), home);
        }
        String suffix = Optional.ofNullable(profile)
                .or(() -> value(variables, flavor.name() + "_PROFILE"))
                .filter(name -> !name.isBlank() && !name.equalsIgnoreCase("default"))
                .map(name -> "-" + name)
                .orElse("");
        String own = home + "/." + flavor + suffix;
        // Without a directory of its own the default profile takes over what a Clawdbot left.
        String older = home + "/.clawdbot";
        boolean adopts = suffix.isEmpty() && !host.isDirectory(own) && host.isDirectory(older);
        return adopts ? older : own;
    }

    String config(Flavor flavor, Map<String, String> variables, String state, String home) {
        return stated(flavor, variables, "CONFIG_PATH")
                .map(path -> absolute(path, home))
                .orElseGet(() -> config(flavor, state));
    }

    /** By the family's own variable; OmniClaw obeys Clawdbot's where its own is not set. */
    private static Optional<String> stated(Flavor flavor, Map<String, String> variables, String name) {
        Optional<String> own = value(variables, flavor.name() + "_" + name);
        return own.isEmpty() && flavor == Flavor.OMNICLAW ? value(variables, "CLAWDBOT_" + name) : own;
    }

    private static Optional<String> value(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** The configuration in a state directory: the family's own, or one that a predecessor left. */
    String config(Flavor flavor, String state) {
        String own = state + "/" + flavor + ".json";
        if (flavor == Flavor.CLAWDBOT || host.isFile(own)) {
            return own;
        }
        for (String name : List.of("clawdbot.json", "moldbot.json", "moltbot.json")) {
            if (host.isFile(state + "/" + name)) {
                return state + "/" + name;
            }
        }
        return own;
    }

    /** Where the default agent works when its configuration does not say. */
    static String workspace(
            Flavor flavor,
            @Nullable String version,
            Map<String, String> variables,
            String state,
            @Nullable String profile,
            String home) {
        String suffix = profile == null ? "" : "-" + profile;
        return switch (flavor) {
            case OPENCLAW ->
                GatewayPorts.layout(flavor, version).before() == null
                        ? value(variables, "OPENCLAW_WORKSPACE_DIR")
                                .map(path -> absolute(path, home))
                                .orElse(state + "/workspace")
                        : home + "/.openclaw/workspace" + suffix;
            case CLAWDBOT -> home + "/clawd" + suffix;
            case OMNICLAW -> home + "/.omniclaw/workspace" + suffix;
            case SIMULATED -> state + "/workspace";
        };
    }

    /** What only the owner may read, besides the configuration. */
    List<String> confidential(String state, String config) {
        List<String> paths = new ArrayList<>();
        for (String name : host.names(state)) {
            boolean copy = config.equals(state + "/" + name.replaceFirst("\\.(?:bak(?:\\.\\d+)?|last-good)$", ""))
                    && !config.endsWith("/" + name);
            if (copy || name.equals(".env") || name.equals("credentials") || name.equals("identity")) {
                paths.add(state + "/" + name);
            }
        }
        for (String agent : host.names(state + "/agents")) {
            String profiles = state + "/agents/" + agent + "/agent/auth-profiles.json";
            if (host.isFile(profiles)) {
                paths.add(profiles);
            }
        }
        return paths;
    }

    /** {@code ~} as a shell has it; a path that is not absolute is taken from the home. */
    static String absolute(String path, String home) {
        if (path.equals("~") || path.startsWith("~/")) {
            return home + path.substring(1);
        }
        return path.startsWith("/") ? path.replaceFirst("(?<=.)/+$", "") : home + "/" + path;
    }
}
