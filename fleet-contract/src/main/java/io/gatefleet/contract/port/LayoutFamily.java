package io.gatefleet.contract.port;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the ports of one gateway family in a range of versions: a data file of {@code layouts/}.
 *
 * @param name for example {@code openclaw-2026.7.1}: the family and the first version it holds for
 * @param flavor the family
 * @param from first version it holds for, inclusive; null: from the beginning
 * @param before first version it no longer holds for; null: to the newest
 * @param source where the numbers come from
 * @param probe how its gateways are asked how they are; null: nobody says, as in files of the first version
 * @param wideWidth ports in a row that the wide shape takes, 1 to 256
 * @param roles where the wide shape has what
 * @param dense the roles that the dense shape packs, in this order; CDP ports follow, then extras
 * @param extras channel plugins that open a fixed port whatever the base
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LayoutFamily(
        String name,
        Flavor flavor,
        @Nullable String from,
        @Nullable String before,
        String source,
        @Nullable Probe probe,
        int wideWidth,
        List<Role> roles,
        List<String> dense,
        Map<String, Extra> extras) {
    public static final String CDP = "cdp";

    /** Where a gateway answers truly when it is asked how it is. */
    public enum Probe {
        /** {@code /healthz}, {@code /readyz} and {@code /startupz} are JSON. */
        @JsonProperty("http")
        HTTP,
        /** Only on its WebSocket: each HTTP path is its web application's. */
        @JsonProperty("websocket")
        WEBSOCKET
    }

    /**
     * A port, or ports in a row, with a purpose.
     *
     * @param count ports in a row, 1 to 100
     * @param bound when it is bound: at start, on demand, never, or by our node
     */
    public record Role(String role, int offset, int count, String bound, String note) {}

    /**
     * A plugin's fixed port.
     *
     * @param fixedPort what it opens unless it is told another
     * @param configKey where the gateway's configuration says another, dotted; null: it cannot be moved, and only one
     *     instance of a host can use it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Extra(int fixedPort, @Nullable String configKey) {}

    public LayoutFamily {
        roles = List.copyOf(roles);
        dense = List.copyOf(dense);
        extras = Map.copyOf(extras);
    }

    /** All ports that the family could ever derive, and one for each of the plugins. */
    public PortLayout wide(Set<String> plugins) {
        Role cdp = role(CDP);
        Map<String, Integer> offsets = new LinkedHashMap<>();
        roles.stream()
                .filter(role -> !role.role().equals(CDP))
                .forEach(role -> offsets.put(role.role(), role.offset()));
        Map<String, Integer> more = extraOffsets(plugins, wideWidth);
        return new PortLayout(
                name + "-wide",
                Footprint.contiguous(wideWidth + more.size()),
                offsets,
                cdp == null ? 0 : cdp.offset(),
                cdp == null ? 0 : cdp.count(),
                more);
    }

    /**
     * Only what the instance uses.
     *
     * @param profiles browser profiles, 0 to 100, one CDP port each
     */
    public PortLayout dense(int profiles, Set<String> plugins) {
        if (profiles < 0 || profiles > 100) {
            throw new BadInput("profiles", profiles, "0 to 100");
        }
        Map<String, Integer> offsets = new LinkedHashMap<>();
        for (String role : dense) {
            offsets.put(role, offsets.size());
        }
        int cdpFirst = offsets.size();
        Map<String, Integer> more = extraOffsets(plugins, cdpFirst + profiles);
        BitSet taken = new BitSet();
        taken.set(0, cdpFirst + profiles + more.size());
        return new PortLayout(name + "-dense", Footprint.of(taken), offsets, cdpFirst, profiles, more);
    }

    private @Nullable Role role(String name) {
        return roles.stream()
                .filter(role -> role.role().equals(name))
                .findFirst()
                .orElse(null);
    }

    private Map<String, Integer> extraOffsets(Set<String> plugins, int first) {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        plugins.stream().sorted().forEach(plugin -> {
            if (!extras.containsKey(plugin)) {
                throw new BadInput("extras", plugin, "one of " + String.join(", ", extras.keySet()));
            }
            offsets.put(plugin, first + offsets.size());
        });
        return offsets;
    }
}
