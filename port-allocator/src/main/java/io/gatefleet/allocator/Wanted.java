package io.gatefleet.allocator;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.lease.PlanLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** What a dry run asks for, with its layout resolved. */
record Wanted(String layout, Footprint footprint) {
    private static final int DEFAULT_PROFILES = 2;

    /** @throws BadInput if no layout is known for it, or if it says both a footprint and a layout */
    static Wanted of(PlanLease plan) {
        Footprint footprint = plan.footprint();
        if (footprint != null) {
            if (plan.flavor() != null
                    || plan.version() != null
                    || plan.shape() != null
                    || plan.profiles() != null
                    || plan.extras() != null) {
                throw new BadInput("footprint", footprint, "no footprint beside a layout, or no layout beside it");
            }
            return new Wanted("footprint " + footprint, footprint);
        }
        LayoutFamily family =
                Layouts.known().of(Objects.requireNonNullElse(plan.flavor(), Flavor.OPENCLAW), plan.version());
        Set<String> extras = plan.extras() == null ? Set.of() : new LinkedHashSet<>(plan.extras());
        if (plan.shape() == PortLayout.Shape.DENSE) {
            PortLayout dense = family.dense(Objects.requireNonNullElse(plan.profiles(), DEFAULT_PROFILES), extras);
            return new Wanted(dense.name(), dense.footprint());
        }
        if (plan.profiles() != null) {
            throw new BadInput("profiles", plan.profiles(), "absent for the wide shape, which has room for 100");
        }
        PortLayout wide = family.wide(extras);
        return new Wanted(wide.name(), wide.footprint());
    }
}
