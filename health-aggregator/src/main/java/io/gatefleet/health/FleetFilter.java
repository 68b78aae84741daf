package io.gatefleet.health;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict.State;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.LabelSelector;
import io.gatefleet.runtime.HttpEdge;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of the picture. A null part asks for nothing; the parts about instances ask nothing of others.
 *
 * @param kinds some of {@code fleet problem host instance}; empty: all
 * @param labels of instances; where nobody told them yet, they are taken for none
 */
record FleetFilter(
        Set<String> kinds,
        @Nullable HostId host,
        @Nullable State verdict,
        @Nullable String reason,
        LabelSelector labels)
        implements Predicate<FleetItem> {
    /** The query's names of the parts. */
    static final String[] PARAMETERS = {"kind", "host", "verdict", "reason", "label"};

    private static final Set<String> KINDS = Set.of("fleet", "problem", "host", "instance");

    FleetFilter {
        for (String kind : kinds) {
            if (!KINDS.contains(kind)) {
                throw new BadInput("kind", kind, "fleet, problem, host or instance");
            }
        }
        kinds = Set.copyOf(kinds);
    }

    /** @throws BadInput if a part cannot be read */
    static FleetFilter of(RoutingContext ctx) {
        return of(ctx, Set.copyOf(ctx.queryParam("kind")));
    }

    /** @throws BadInput if a part cannot be read */
    static FleetFilter ofInstances(RoutingContext ctx) {
        return of(ctx, Set.of("instance"));
    }

    private static FleetFilter of(RoutingContext ctx, Set<String> kinds) {
        return new FleetFilter(
                kinds,
                HttpEdge.parameter(ctx, "host", HostId::new).orElse(null),
                HttpEdge.parameter(ctx, "verdict", State::parse).orElse(null),
                HttpEdge.parameter(ctx, "reason").orElse(null),
                LabelSelector.parse(ctx.queryParam("label")));
    }

    @Override
    public boolean test(FleetItem item) {
        if (item instanceof InstanceHealth instance) {
            return of("instance")
                    && (host == null || host.equals(instance.key().host()))
                    && (verdict == null || verdict == instance.verdict().state())
                    && (reason == null || reason.equals(instance.verdict().reason()))
                    && labels.test(Objects.requireNonNullElse(instance.labels(), Map.of()));
        }
        if (item instanceof HostHealth its) {
            return of("host") && (host == null || host.equals(its.host()));
        }
        if (item instanceof ProblemReport) {
            return of("problem");
        }
        return item instanceof FleetSummary && of("fleet");
    }

    private boolean of(String kind) {
        return kinds.isEmpty() || kinds.contains(kind);
    }
}
