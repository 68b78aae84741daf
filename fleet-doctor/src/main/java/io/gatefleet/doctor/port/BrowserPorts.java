package io.gatefleet.doctor.port;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Settings;
import io.gatefleet.doctor.census.Settings.Endpoint;
import io.gatefleet.doctor.census.Settings.Profile;
import io.gatefleet.doctor.port.PortUse.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one gateway's browsers, as the families derive them: browser control two above the base, CDP ports from
 * nine above browser control, 100 of them.
 *
 * @param uses as configured
 * @param next what further profiles get, in this order: the lowest ports of the range that no profile has. Nobody asks
 *     the kernel
 */
record BrowserPorts(List<PortUse> uses, List<Integer> next) {
    private static final int DEFAULT_CONTROL = 18_791;
    private static final int DEFAULT_CDP_FIRST = 18_800;
    private static final int DEFAULT_CDP_LAST = 18_899;
    private static final int CDP_COUNT = 100;

    /** From here on relays count down from ten above the base; before, there was one, next to browser control. */
    private static final int COUNTING_RELAYS = 10;

    static BrowserPorts of(Gateway gateway, LayoutFamily layout, int base) {
        Settings.Browser browser = gateway.settings().browser();
        int control = control(gateway, base);
        List<Integer> range = range(gateway, layout, control);
        List<PortUse> uses = new ArrayList<>();
        if (bindsControl(gateway, layout)) {
            uses.add(new PortUse(control, Role.CONTROL, "browser control"));
        }

        Map<String, Profile> profiles = new LinkedHashMap<>(browser.profiles());
        Endpoint cdpUrl = browser.cdpUrl();
        profiles.putIfAbsent(
                defaultProfile(gateway.flavor()),
                new Profile(null, cdpUrl == null ? range.get(0) : cdpUrl.port(), remote(cdpUrl), false));

        boolean counting = relayOffset(layout) == COUNTING_RELAYS;
        if (counting) {
            profiles.putIfAbsent("chrome", new Profile("extension", null, null, false));
        } else if (hasRelay(gateway) && !pinned(profiles).contains(control + 1)) {
            profiles.putIfAbsent("chrome", new Profile("extension", control + 1, null, false));
        }
        Map<String, Integer> relays = counting ? countedRelays(profiles, control + 8) : Map.of();

        Set<Integer> taken = new TreeSet<>();
        profiles.forEach((name, profile) -> {
            Integer port = port(profile, relays.get(name));
            if (port == null || port > PortRange.HIGHEST_PORT || port < 1) {
                return;
            }
            taken.add(port);
            if (profile.cdpUrl() == null || profile.cdpUrl().local()) {
                uses.add(
                        profile.extension()
                                ? new PortUse(port, Role.RELAY, "extension relay of browser profile \"" + name + "\"")
                                : new PortUse(port, Role.CDP, "browser profile \"" + name + "\""));
            }
        });
        boolean closed = gateway.environment().on("OPENCLAW_CONFIG_READONLY") && gateway.flavor() == Flavor.OPENCLAW;
        List<Integer> next = closed
                ? List.of()
                : range.stream().filter(port -> !taken.contains(port)).toList();
        return new BrowserPorts(uses, next);
    }

    /** A URL on another machine takes the port out of this host's space; one on this machine is a plain port. */
    private static @Nullable Endpoint remote(@Nullable Endpoint url) {
        return url == null || url.local() ? null : url;
    }

    private static @Nullable Integer port(Profile profile, @Nullable Integer relay) {
        if (profile.existingSession()) {
            return null;
        }
        if (profile.cdpUrl() != null) {
            return profile.cdpUrl().port();
        }
        return profile.cdpPort() != null ? profile.cdpPort() : relay;
    }

    private static int control(Gateway gateway, int base) {
        if (gateway.flavor() == Flavor.CLAWDBOT) {
            Endpoint moved = gateway.settings().browser().controlUrl();
            if (moved == null) {
                moved = gateway.environment()
                        .value("CLAWDBOT_BROWSER_CONTROL_URL")
                        .flatMap(Endpoint::of)
                        .orElse(null);
            }
            if (moved != null) {
                return moved.port();
            }
        }
        return base + 2 <= PortRange.HIGHEST_PORT ? base + 2 : DEFAULT_CONTROL;
    }

    private static boolean bindsControl(Gateway gateway, LayoutFamily layout) {
        String bound = bound(layout, PortLayout.CONTROL);
        if (bound.equals("never")) {
            return false;
        }
        boolean eager = gateway.environment().on("OPENCLAW_EAGER_BROWSER_CONTROL_SERVER");
        boolean asked = gateway.flavor() == Flavor.OPENCLAW && !GatewayPorts.before(gateway, "2026.5.28");
        return eager || (bound.equals("start") && !asked);
    }

    /** Between 2026.3.24 and 2026.7.1 OpenClaw had no relay. */
    private static boolean hasRelay(Gateway gateway) {
        return gateway.flavor() != Flavor.OPENCLAW || GatewayPorts.before(gateway, "2026.3.24");
    }

    private static String bound(LayoutFamily layout, String name) {
        return role(layout, name).bound();
    }

    private static int relayOffset(LayoutFamily layout) {
        return role(layout, PortLayout.RELAY).offset();
    }

    private static LayoutFamily.Role role(LayoutFamily layout, String name) {
        return layout.roles().stream()
                .filter(role -> role.role().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(layout.name() + " has no " + name));
    }

    private static List<Integer> range(Gateway gateway, LayoutFamily layout, int control) {
        int first = control + 9 <= PortRange.HIGHEST_PORT ? control + 9 : DEFAULT_CDP_FIRST;
        int last = first + CDP_COUNT - 1;
        if (last > PortRange.HIGHEST_PORT) {
            // Today the whole range moves to where the first gateway of the host has its browsers; the older lines keep
            // the one port that they can name.
            boolean old = relayOffset(layout) != COUNTING_RELAYS;
            first = old ? first : DEFAULT_CDP_FIRST;
            last = old ? first : DEFAULT_CDP_LAST;
        }
        Integer moved = gateway.settings().browser().rangeStart();
        if (moved != null
                && obeysRangeStart(gateway)
                && moved >= 1
                && moved + (last - first) <= PortRange.HIGHEST_PORT) {
            last = moved + (last - first);
            first = moved;
        }
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    /** OpenClaw from 2026.3.2 on; 2026.8.1 strips the key at start. */
    private static boolean obeysRangeStart(Gateway gateway) {
        return gateway.flavor() == Flavor.OPENCLAW
                && GatewayPorts.before(gateway, "2026.8.1")
                && !GatewayPorts.before(gateway, "2026.3.2");
    }

    /** Relays without a pinned port, by name, each one below the last: so that restarts keep them. */
    private static Map<String, Integer> countedRelays(Map<String, Profile> profiles, int highest) {
        Set<Integer> taken = pinned(profiles);
        Map<String, Integer> relays = new TreeMap<>();
        int port = highest;
        for (String name : new TreeSet<>(profiles.keySet())) {
            Profile profile = Objects.requireNonNull(profiles.get(name));
            if (!profile.extension() || profile.cdpPort() != null) {
                continue;
            }
            while (port > highest - 8 && taken.contains(port)) {
                port--;
            }
            if (port <= highest - 8) {
                break; // the gateway itself refuses such a configuration
            }
            relays.put(name, port--);
        }
        return relays;
    }

    private static Set<Integer> pinned(Map<String, Profile> profiles) {
        Set<Integer> ports = new TreeSet<>();
        profiles.values().stream()
                .map(profile -> port(profile, null))
                .filter(Objects::nonNull)
                .forEach(ports::add);
        return ports;
    }

    private static String defaultProfile(Flavor flavor) {
        return switch (flavor) {
            case OPENCLAW, SIMULATED -> "openclaw";
            case CLAWDBOT -> "clawd";
            case OMNICLAW -> "omniclaw";
        };
    }
}
