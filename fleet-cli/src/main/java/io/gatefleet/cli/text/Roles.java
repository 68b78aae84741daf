package io.gatefleet.cli.text;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which of a lease's ports has which role, as far as this build knows its layout by name. For people only: whoever
 * grants or uses a port has the layout itself.
 */
public final class Roles {
    private Roles() {}

    /** The ports of the browsers; empty where the lease has none, or its layout is unknown here. */
    public static Optional<PortRange> browsers(Lease lease) {
        return family(lease.layout()).flatMap(family -> {
            if (lease.layout().endsWith("-wide")) {
                PortLayout wide = family.wide(Set.of());
                return wide.cdpCount() == 0
                        ? Optional.empty()
                        : Optional.of(PortRange.of(lease.base() + wide.cdpFirst(), wide.cdpCount()));
            }
            // Behind the packed roles stand the browsers, then the plugins' ports, which a lease does not tell apart.
            int roles = family.dense().size();
            int browsers = lease.footprint().span() - roles;
            return browsers <= 0 ? Optional.empty() : Optional.of(PortRange.of(lease.base() + roles, browsers));
        });
    }

    /** The port on which the gateway's node can be asked. */
    public static OptionalInt management(Lease lease) {
        return family(lease.layout())
                .map(family -> (lease.layout().endsWith("-wide") ? family.wide(Set.of()) : family.dense(0, Set.of()))
                        .port(PortLayout.MANAGEMENT, lease.base()))
                .orElse(OptionalInt.empty());
    }

    private static Optional<LayoutFamily> family(String layout) {
        return Layouts.known().families().stream()
                .filter(family -> layout.equals(family.name() + "-wide") || layout.equals(family.name() + "-dense"))
                .findFirst();
    }
}
