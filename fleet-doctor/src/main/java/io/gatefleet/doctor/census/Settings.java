package io.gatefleet.doctor.census;

import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.PortRange;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's configuration says about ports, access and places. Values that nobody set are null; what a gateway
 * makes of that is not decided here.
 *
 * @param port {@code gateway.port} as written, which may be no port at all
 * @param bind {@code gateway.bind}
 * @param bindHost {@code gateway.customBindHost}, for {@code bind: custom}
 * @param tailscale {@code gateway.tailscale.mode}
 * @param authMode {@code gateway.auth.mode}
 * @param token {@code gateway.auth.token}
 * @param password {@code gateway.auth.password}
 * @param workspace {@code agents.defaults.workspace}
 * @param agentWorkspaces {@code workspace} of the agents in {@code agents.list}
 * @param mdns {@code discovery.mdns.mode}
 * @param bonjour whether the plugin is switched on
 * @param browser browser control and its profiles
 * @param plugins plugins in use that listen on a port of their own
 * @param touchedBy {@code meta.lastTouchedVersion}: the program that wrote the file last
 */
public record Settings(
        @Nullable String port,
        @Nullable String bind,
        @Nullable String bindHost,
        @Nullable String tailscale,
        @Nullable String authMode,
        Secret token,
        Secret password,
        @Nullable String workspace,
        List<String> agentWorkspaces,
        @Nullable String mdns,
        boolean bonjour,
        Browser browser,
        Map<String, PluginPort> plugins,
        @Nullable String touchedBy) {
    /** Nothing is set. */
    public static final Settings EMPTY = of(ConfigTree.NOTHING, Map.of());

    private static final Set<String> LOOPBACK =
            Set.of("localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]", "[::]", "::");

    public Settings {
        agentWorkspaces = List.copyOf(agentWorkspaces);
        plugins = Map.copyOf(plugins);
    }

    /**
     * Browser control.
     *
     * @param enabled {@code browser.enabled}
     * @param cdpUrl {@code browser.cdpUrl}, where the default profile's browser answers
     * @param controlUrl {@code browser.controlUrl}, which only Clawdbot knows
     * @param rangeStart {@code browser.cdpPortRangeStart}, which only some versions know
     * @param profiles name to profile, in the file's order
     */
    public record Browser(
            boolean enabled,
            @Nullable Endpoint cdpUrl,
            @Nullable Endpoint controlUrl,
            @Nullable Integer rangeStart,
            Map<String, Profile> profiles) {
        public Browser {
            profiles = Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
        }
    }

    /**
     * A browser profile.
     *
     * @param driver {@code extension}, {@code existing-session}, or else a browser that the gateway starts
     * @param cdpPort a pinned port
     * @param cdpUrl where it answers; goes before {@code cdpPort}
     * @param attachOnly whether the gateway never starts it
     */
    public record Profile(
            @Nullable String driver,
            @Nullable Integer cdpPort,
            @Nullable Endpoint cdpUrl,
            boolean attachOnly) {
        public boolean extension() {
            return "extension".equals(driver);
        }

        /** Whether it is a person's own running browser, in which the gateway opens no port. */
        public boolean existingSession() {
            return "existing-session".equals(driver);
        }
    }

    /**
     * Where a URL points.
     *
     * @param local whether that is this machine
     */
    public record Endpoint(int port, boolean local) {
        /** Empty for what is no URL, or has a port that is none. */
        public static Optional<Endpoint> of(String url) {
            try {
                URI uri = new URI(url);
                String host = uri.getHost();
                if (host == null || uri.getScheme() == null) {
                    return Optional.empty();
                }
                String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
                int port =
                        uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") || scheme.equals("wss") ? 443 : 80;
                return port > PortRange.HIGHEST_PORT
                        ? Optional.empty()
                        : Optional.of(new Endpoint(port, LOOPBACK.contains(host.toLowerCase(Locale.ROOT))));
            } catch (java.net.URISyntaxException noUrl) {
                return Optional.empty();
            }
        }
    }

    /**
     * A plugin that listens.
     *
     * @param port where
     * @param key where the configuration says another; null: it cannot be moved
     * @param pinned whether the configuration says so, rather than the plugin's default
     */
    public record PluginPort(int port, @Nullable String key, boolean pinned) {}

    /** @param extras the plugins with a port of their own that the gateway's layout knows */
    public static Settings of(ConfigTree config, Map<String, LayoutFamily.Extra> extras) {
        ConfigTree gateway = config.at("gateway");
        List<String> agentWorkspaces = new ArrayList<>();
        config.at("agents.list")
                .elements()
                .forEach(agent -> agent.at("workspace").text().ifPresent(agentWorkspaces::add));
        Map<String, PluginPort> plugins = new TreeMap<>();
        extras.forEach((plugin, extra) -> {
            if (inUse(plugin, config)) {
                plugins.put(plugin, port(plugin, extra, config));
            }
        });
        return new Settings(
                gateway.at("port").written().orElse(null),
                gateway.at("bind").text().orElse(null),
                gateway.at("customBindHost").text().orElse(null),
                gateway.at("tailscale.mode").text().orElse(null),
                gateway.at("auth.mode").text().orElse(null),
                gateway.at("auth.token").secret(),
                gateway.at("auth.password").secret(),
                config.at("agents.defaults.workspace").text().orElse(null),
                agentWorkspaces,
                config.at("discovery.mdns.mode").text().orElse(null),
                config.at("plugins.entries.bonjour.enabled").is(true),
                browser(config.at("browser")),
                plugins,
                config.at("meta.lastTouchedVersion").text().orElse(null));
    }

    private static Browser browser(ConfigTree browser) {
        Map<String, Profile> profiles = new LinkedHashMap<>();
        browser.at("profiles")
                .members()
                .forEach((name, profile) -> profiles.put(
                        name,
                        new Profile(
                                profile.at("driver").text().orElse(null),
                                profile.at("cdpPort").number().orElse(null),
                                endpoint(profile.at("cdpUrl")),
                                profile.at("attachOnly").is(true))));
        return new Browser(
                !browser.at("enabled").is(false),
                endpoint(browser.at("cdpUrl")),
                endpoint(browser.at("controlUrl")),
                browser.at("cdpPortRangeStart").number().orElse(null),
                profiles);
    }

    private static @Nullable Endpoint endpoint(ConfigTree url) {
        return url.text().flatMap(Endpoint::of).orElse(null);
    }

    /** Whether a plugin listens: some do so only in one of their modes, and being installed is not enough for any. */
    private static boolean inUse(String plugin, ConfigTree config) {
        ConfigTree entry = config.at("plugins.entries." + plugin);
        ConfigTree channel = config.at("channels." + plugin);
        return switch (plugin) {
            case "telegram-webhook" ->
                enabled(config.at("channels.telegram"))
                        && config.at("channels.telegram.webhookUrl").text().isPresent();
            case "feishu" ->
                enabled(channel)
                        && channel.at("connectionMode")
                                .text()
                                .filter("webhook"::equals)
                                .isPresent();
            case "gmail" ->
                config.at("hooks.enabled").is(true)
                        && config.at("hooks.gmail.account").text().isPresent();
            case "voice-call" ->
                entry.at("enabled").is(true) && !entry.at("config.enabled").is(false);
            // With a URL the daemon is somebody else's, and so is its port.
            case "signal" ->
                enabled(channel)
                        && !channel.at("autoStart").is(false)
                        && channel.at("httpUrl").text().isEmpty()
                        && channel.at("transport.kind")
                                .text()
                                .filter(kind -> !kind.equals("managed-native"))
                                .isEmpty();
            default -> enabled(channel) && !entry.at("enabled").is(false);
        };
    }

    private static boolean enabled(ConfigTree channel) {
        return channel.isPresent() && !channel.at("enabled").is(false);
    }

    private static PluginPort port(String plugin, LayoutFamily.Extra extra, ConfigTree config) {
        // Signal's daemon went under `transport` in one of the versions that a
        // layout holds for, and nobody knows which.
        List<String> keys = plugin.equals("signal")
                ? List.of("channels.signal.transport.httpPort", "channels.signal.httpPort")
                : Optional.ofNullable(extra.configKey()).stream().toList();
        for (String key : keys) {
            Optional<Integer> pinned =
                    config.at(key).number().filter(port -> port > 0 && port <= PortRange.HIGHEST_PORT);
            if (pinned.isPresent()) {
                return new PluginPort(pinned.get(), key, true);
            }
        }
        return new PluginPort(extra.fixedPort(), extra.configKey(), false);
    }
}
