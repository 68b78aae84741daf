package io.gatefleet.allocator.lease;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a leased port is for, where this build knows the lease's layout. */
final class LeaseRoles {
    private LeaseRoles() {}

    /** For example {@code gateway}, {@code cdp 3}; null where the layout is unknown or says nothing of that port. */
    static @Nullable String role(Lease lease, int port) {
        int offset = port - lease.base();
        for (PortLayout.Shape shape : PortLayout.Shape.values()) {
            Optional<LayoutFamily> family = Layouts.known().families().stream()
                    .filter(known -> lease.layout().equals(known.name() + "-" + shape))
                    .findFirst();
            if (family.isPresent()) {
                return shape == PortLayout.Shape.WIDE ? wide(family.get(), offset) : dense(family.get(), offset);
            }
        }
        return null;
    }

    private static @Nullable String wide(LayoutFamily family, int offset) {
        for (LayoutFamily.Role role : family.roles()) {
            if (offset >= role.offset() && offset < role.offset() + role.count()) {
                return role.count() == 1 ? role.role() : role.role() + " " + (offset - role.offset() + 1);
            }
        }
        return offset < family.wideWidth() ? null : "plugin " + (offset - family.wideWidth() + 1);
    }

    /** Behind the named roles stand browsers, then plugins; the footprint does not say how many of which. */
    private static String dense(LayoutFamily family, int offset) {
        return offset < family.dense().size()
                ? family.dense().get(offset)
                : "cdp or plugin " + (offset - family.dense().size() + 1);
    }
}
