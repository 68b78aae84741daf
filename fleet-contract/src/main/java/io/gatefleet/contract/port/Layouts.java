package io.gatefleet.contract.port;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Flavor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layouts that this build knows, read from the data files of {@code layouts/}. */
public final class Layouts {
    private static final String[] FILES = {
        "openclaw-2026.2.1",
        "openclaw-2026.3.2",
        "openclaw-2026.7.1",
        "clawdbot-2026.1.24",
        "omniclaw-2026.2.1",
        "simulated"
    };
    private static final String WIDE = "-wide";
    private static final String DENSE = "-dense";
    private static final Layouts KNOWN = new Layouts(read());

    private final List<LayoutFamily> families;

    private Layouts(List<LayoutFamily> families) {
        this.families = List.copyOf(families);
    }

    public static Layouts known() {
        return KNOWN;
    }

    public List<LayoutFamily> families() {
        return families;
    }

    /**
     * The layout of a flavor's version; without a version, of its newest.
     *
     * @throws BadInput where none is known
     */
    public LayoutFamily of(Flavor flavor, @Nullable String version) {
        return families.stream()
                .filter(family -> family.flavor() == flavor)
                .filter(family -> version == null ? family.before() == null : holdsFor(family, version))
                .findFirst()
                .orElseThrow(() -> new BadInput("version", version, "a version of " + flavor + " with a known layout"));
    }

    /**
     * Where something with a role stands in a lease whose layout is known by its name alone; empty where the layout has no
     * such role. One that is not known here is taken for the flavor's newest: a node may be younger than who asks.
     *
     * @param layout for example {@code openclaw-2026.7.1-wide}
     */
    public OptionalInt port(Flavor flavor, String layout, String role, int base) {
        LayoutFamily family = families.stream()
                .filter(known -> layout.equals(known.name() + WIDE) || layout.equals(known.name() + DENSE))
                .findFirst()
                .orElseGet(() -> of(flavor, null));
        return (layout.endsWith(DENSE) ? family.dense(0, Set.of()) : family.wide(Set.of())).port(role, base);
    }

    private static boolean holdsFor(LayoutFamily family, String version) {
        String from = family.from();
        String before = family.before();
        return (from == null || VERSIONS.compare(version, from) >= 0)
                && (before == null || VERSIONS.compare(version, before) < 0);
    }

    /** Dotted numbers, compared number by number; what follows a hyphen decides last. */
    public static final Comparator<String> VERSIONS = (left, right) -> {
        String[] leftParts = left.split("[.-]", -1);
        String[] rightParts = right.split("[.-]", -1);
        for (int i = 0; i < Math.max(leftParts.length, rightParts.length); i++) {
            int order = Long.compare(number(leftParts, i), number(rightParts, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    private static long number(String[] parts, int index) {
        String digits = index < parts.length ? parts[index].replaceAll("\\D.*$", "") : "";
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    private static List<LayoutFamily> read() {
        List<LayoutFamily> families = new ArrayList<>();
        for (String file : FILES) {
            String path = "/layouts/" + file + ".json";
            try (InputStream in = Layouts.class.getResourceAsStream(path)) {
                if (in == null) {
                    throw new IllegalStateException("missing from the class path: " + path);
                }
                families.add(Wire.STRICT.read(in.readAllBytes(), LayoutFamily.class));
            } catch (IOException cause) {
                throw new UncheckedIOException(path, cause);
            }
        }
        return families;
    }
}
