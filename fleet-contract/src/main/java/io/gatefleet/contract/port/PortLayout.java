package io.gatefleet.contract.port;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.BadInput;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where one gateway opens its ports, as offsets from its base port: a family's layout in one shape, for one instance.
 *
 * @param name for example {@code openclaw-2026.7.1-dense}
 * @param footprint the offsets that it takes
 * @param offsets role to offset: {@code gateway}, {@code management}, {@code control}, {@code relay}, …
 * @param cdpFirst offset of the first CDP port; 0 where the gateway has no browsers
 * @param cdpCount CDP ports in a row, 0 to 100
 * @param extras channel plugin to offset: the port that replaces the plugin's fixed one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PortLayout(
        String name,
        Footprint footprint,
        Map<String, Integer> offsets,
        int cdpFirst,
        int cdpCount,
        Map<String, Integer> extras) {
    public static final String GATEWAY = "gateway";
    public static final String MANAGEMENT = "management";
    public static final String CONTROL = "control";
    public static final String RELAY = "relay";

    public PortLayout {
        offsets = Map.copyOf(offsets);
        extras = Map.copyOf(extras);
        if (cdpCount < 0 || cdpCount > 100 || cdpFirst < 0 || cdpFirst + cdpCount > footprint.span()) {
            throw new BadInput("cdp", cdpFirst + " x " + cdpCount, "0 to 100 CDP ports inside footprint " + footprint);
        }
    }

    /** The port of a role, seen from {@code base}; empty where the layout has no such role. */
    public OptionalInt port(String role, int base) {
        Integer offset = offsets.get(role);
        return offset == null ? OptionalInt.empty() : OptionalInt.of(base + offset);
    }

    /** How the footprint's ports are arranged. */
    public enum Shape {
        /** All ports that the family could ever derive, contiguous: for configurations that nobody pins. */
        @JsonProperty("wide")
        WIDE,
        /** Only what the instance uses; its ports are pinned in the gateway's configuration. */
        @JsonProperty("dense")
        DENSE;

        public static Shape parse(String text) {
            return switch (text) {
                case "wide" -> WIDE;
                case "dense" -> DENSE;
                default -> throw new BadInput("layout", text, "wide or dense");
            };
        }

        @Override
        public String toString() {
            return this == WIDE ? "wide" : "dense";
        }
    }
}
