package io.gatefleet.doctor.census;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.Layouts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway for tests: what is not said is as a fresh installation has it. */
public final class GatewayBuilder {
    private final String name;
    private final Flavor flavor;
    private @Nullable String profile;
    private @Nullable String version;
    private Object config = Map.of();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Flags flags = Flags.NONE;
    private @Nullable Integer pid;
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable Integer lockedPort;
    private boolean leased;

    private GatewayBuilder(String name, Flavor flavor) {
        this.name = name;
        this.flavor = flavor;
    }

    public static GatewayBuilder gateway(String name, String flavor, @Nullable String version) {
        GatewayBuilder builder = new GatewayBuilder(name, Flavor.parse(flavor));
        builder.version = version;
        return builder;
    }

    /** An OpenClaw of today. */
    public static GatewayBuilder openclaw(String name) {
        return gateway(name, "openclaw", "2026.9.6");
    }

    public GatewayBuilder profile(@Nullable String newProfile) {
        profile = newProfile;
        return this;
    }

    /** The whole configuration, as maps and lists. */
    public GatewayBuilder config(Object tree) {
        config = tree;
        return this;
    }

    public GatewayBuilder port(int port) {
        return config(Map.of("gateway", Map.of("port", port)));
    }

    public GatewayBuilder variable(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    public GatewayBuilder flags(String... arguments) {
        flags = Flags.of(List.of(arguments));
        return this;
    }

    public GatewayBuilder runs(int newPid) {
        pid = newPid;
        return this;
    }

    /** By the process of {@link #runs}, on these addresses. */
    public GatewayBuilder listens(int port, String... addresses) {
        for (String address : addresses) {
            listeners.add(new Listener(port, address, pid, flavor + "-gatewa", leased, Listener.Reading.GATEWAY_LIKE));
        }
        return this;
    }

    public GatewayBuilder locked(int port) {
        lockedPort = port;
        return this;
    }

    public GatewayBuilder leased() {
        leased = true;
        return this;
    }

    public Gateway build() {
        String home = "/home/" + name;
        String state = home + "/." + flavor + (profile == null ? "" : "-" + profile);
        return new Gateway(
                name,
                flavor,
                profile,
                version,
                name,
                home,
                new Place(state, state, true, true, 0700, name, true),
                new Place(
                        state + "/" + flavor + ".json", state + "/" + flavor + ".json", true, false, 0600, name, true),
                Settings.of(
                        ConfigTree.of(config),
                        Layouts.known().of(flavor, version).extras()),
                null,
                List.of(new Place(state + "/workspace", state + "/workspace", false, true, 0, "", false)),
                List.of(),
                Environment.of(variables.entrySet().stream()),
                flags,
                null,
                pid,
                listeners,
                lockedPort,
                leased,
                false);
    }
}
