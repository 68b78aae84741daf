package io.gatefleet.cli.text;

import io.gatefleet.contract.lease.Capacity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How much room a host has. */
public final class CapacityText {
    private static final int WIDTH = 80;

    private CapacityText() {}

    public static List<String> of(Capacity capacity) {
        List<String> lines = new ArrayList<>(Wording.wrap(
                "%d more %s of %s fit on %s; the empty pool takes %d."
                        .formatted(
                                capacity.fits(),
                                capacity.fits() == 1 ? "gateway" : "gateways",
                                Wording.count(capacity.footprint().size(), "port"),
                                capacity.host(),
                                capacity.ofEmptyPool()),
                WIDTH));
        lines.add("");
        lines.add("  pool           %s (%s)"
                .formatted(capacity.pool(), Wording.count(capacity.pool().size(), "port")));
        lines.add("  free           %s, at most %d in a row"
                .formatted(Wording.count(capacity.freePorts(), "port"), capacity.widestGap()));
        lines.add(String.format(
                Locale.ROOT,
                "  fragmentation  %.0f %% of the free ports are in gaps that are too narrow",
                capacity.fragmentation() * 100));
        return lines;
    }
}
