package io.gatefleet.doctor.port;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.port.PortUse.Role;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one gateway: those that it uses as it is configured, and those that its next browser profiles would get.
 *
 * @param base what they are counted from
 * @param now as configured today, lowest first; bound at start, or when that browser or relay is first used
 * @param next CDP ports of further profiles, in the order in which the gateway gives them out
 * @param ignored a port that was asked for and is none; null: none was
 */
public record GatewayPorts(
        BasePort base,
        List<PortUse> now,
        List<Integer> next,
        @Nullable String ignored) {
    /** OpenClaw's hash of the profile's name came in this version; before, a named profile stood on 18789 as well. */
    private static final String HASHED_FROM = "2026.8";

    /** Where every family puts the profile dev. */
    private static final int DEV = 19_001;

    public GatewayPorts {
        now = List.copyOf(now);
        next = List.copyOf(next);
    }

    public static GatewayPorts of(Gateway gateway) {
        Stated stated = stated(gateway);
        BasePort base = standing(gateway, stated.base());
        LayoutFamily layout = layout(gateway);
        TreeMap<Integer, PortUse> now = new TreeMap<>();
        add(now, base.port(), Role.GATEWAY, "the gateway itself");
        List<Integer> next = List.of();
        if (gateway.settings().browser().enabled()) {
            BrowserPorts browser = BrowserPorts.of(gateway, layout, base.port());
            browser.uses().forEach(use -> now.putIfAbsent(use.port(), use));
            next = browser.next();
        }
        gateway.settings()
                .plugins()
                .forEach((plugin, where) -> add(now, where.port(), Role.PLUGIN, "plugin " + plugin));
        PortSet reach = base.reach();
        gateway.listeners().stream()
                .map(Listener::port)
                .filter(reach::contains)
                .forEach(port -> add(now, port, Role.SEEN, "listens there"));
        return new GatewayPorts(base, List.copyOf(now.values()), next, stated.ignored());
    }

    public static LayoutFamily layout(Gateway gateway) {
        return layout(gateway.flavor(), gateway.version());
    }

    /** The family's layout at that version; of a version that nobody knows, or knows the ports of, the newest. */
    public static LayoutFamily layout(Flavor flavor, @Nullable String version) {
        try {
            return Layouts.known().of(flavor, version);
        } catch (BadInput unknown) {
            return Layouts.known().of(flavor, null);
        }
    }

    private static void add(TreeMap<Integer, PortUse> uses, int port, Role role, String what) {
        uses.putIfAbsent(port, new PortUse(port, role, what));
    }

    /** What it uses now. */
    public PortSet used() {
        BitSet ports = new BitSet();
        now.forEach(use -> ports.set(use.port()));
        return PortSet.of(ports);
    }

    /** What it uses now and may use later. */
    public PortSet all() {
        BitSet ports = used().bits();
        next.forEach(ports::set);
        return PortSet.of(ports);
    }

    public Optional<PortUse> use(int port) {
        return now.stream().filter(use -> use.port() == port).findFirst();
    }

    /** After how many further profiles this gateway uses the port: 1 to 100; empty if never. */
    public OptionalInt profilesUntil(int port) {
        int index = next.indexOf(port);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    private record Stated(BasePort base, @Nullable String ignored) {}

    /** What flags, environment and configuration say, in the order in which the families obey them. */
    private static Stated stated(Gateway gateway) {
        String flag = gateway.flags().port();
        if (flag != null && port(flag).isPresent()) {
            return new Stated(
                    new BasePort(port(flag).getAsInt(), BasePort.Source.FLAG, "--port, " + startedBy(gateway)), null);
        }
        for (String variable : portVariables(gateway)) {
            Optional<String> value = gateway.environment().value(variable);
            OptionalInt port = value.isPresent() ? port(value.get()) : OptionalInt.empty();
            if (port.isPresent()) {
                return new Stated(
                        new BasePort(
                                port.getAsInt(), BasePort.Source.ENVIRONMENT, variable + ", " + startedBy(gateway)),
                        null);
            }
        }
        if ("dev".equals(gateway.profile())) {
            // The flag sets the variable where nobody else did, and so goes before the file.
            return new Stated(new BasePort(DEV, BasePort.Source.FLAG, "--dev, whatever the configuration says"), null);
        }
        String configured = gateway.settings().port();
        OptionalInt port = configured == null ? OptionalInt.empty() : port(configured);
        if (port.isPresent()) {
            return new Stated(
                    new BasePort(
                            port.getAsInt(),
                            BasePort.Source.CONFIG,
                            gateway.config().path() + ": gateway.port"),
                    null);
        }
        return new Stated(unstated(gateway), configured);
    }

    private static BasePort unstated(Gateway gateway) {
        String profile = gateway.profile();
        if (profile != null && gateway.flavor() == Flavor.OPENCLAW && !before(gateway, HASHED_FROM)) {
            return new BasePort(
                    BasePort.hashed(profile),
                    BasePort.Source.HASHED,
                    "no port is set; OpenClaw hashes the profile's name \"" + profile + "\"");
        }
        return new BasePort(BasePort.DEFAULT, BasePort.Source.DEFAULT, "no port is set; the family's default");
    }

    /** A running gateway stands where it listens, whatever was written meanwhile: no family moves while it runs. */
    private static BasePort standing(Gateway gateway, BasePort stated) {
        if (!gateway.runs() || listens(gateway, stated.port())) {
            return stated;
        }
        Integer locked = gateway.lockedPort();
        if (locked != null) {
            return new BasePort(locked, BasePort.Source.LOCK, "the lock file of " + gateway.whereabouts());
        }
        // Every family binds its own port on both loopback addresses, or on all; browser control, relays and CDP on
        // 127.0.0.1 alone. What its children listen on is not looked at: an agent's own servers are among them.
        List<Listener> own = gateway.listeners().stream()
                .filter(listener -> Objects.equals(listener.pid(), gateway.pid()))
                .toList();
        return own.stream()
                .filter(listener -> everywhere(listener)
                        || (listener.address().equals("127.0.0.1")
                                && own.stream()
                                        .anyMatch(twin -> twin.port() == listener.port()
                                                && twin.address().equals("::1"))))
                .map(Listener::port)
                .sorted()
                .findFirst()
                .map(port -> new BasePort(port, BasePort.Source.KERNEL, gateway.whereabouts() + " listens there"))
                .orElse(stated);
    }

    private static boolean listens(Gateway gateway, int port) {
        return gateway.listeners().stream().anyMatch(listener -> listener.port() == port);
    }

    /** Whether it is bound to all addresses of the machine. */
    public static boolean everywhere(Listener listener) {
        return listener.address().equals("0.0.0.0") || listener.address().equals("::");
    }

    private static List<String> portVariables(Gateway gateway) {
        return switch (gateway.flavor()) {
            case OPENCLAW ->
                // The old name was obeyed until the families parted.
                before(gateway, "2026.7.1")
                        ? List.of("OPENCLAW_GATEWAY_PORT", "CLAWDBOT_GATEWAY_PORT")
                        : List.of("OPENCLAW_GATEWAY_PORT");
            case CLAWDBOT -> List.of("CLAWDBOT_GATEWAY_PORT");
            case OMNICLAW -> List.of("OMNICLAW_GATEWAY_PORT", "CLAWDBOT_GATEWAY_PORT");
            case SIMULATED -> List.of();
        };
    }

    private static String startedBy(Gateway gateway) {
        return gateway.unit() != null ? gateway.unit().path() : gateway.whereabouts();
    }

    static boolean before(Gateway gateway, String version) {
        return gateway.version() != null && Layouts.VERSIONS.compare(gateway.version(), version) < 0;
    }

    /** A port as people write it, {@code ADDRESS:PORT} included. */
    private static OptionalInt port(String text) {
        String digits = text.substring(text.lastIndexOf(':') + 1).strip();
        if (!digits.matches("\\d{1,9}")) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= PortRange.HIGHEST_PORT ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
