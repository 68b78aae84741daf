package io.gatefleet.registry;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.service.Services;
import io.gatefleet.registry.discovery.ServiceBook;
import io.gatefleet.registry.discovery.TargetGroup;
import io.gatefleet.registry.discovery.Targets;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Presence;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Service discovery for Prometheus, {@code GET /v1/sd/prometheus}: everything that has meters, or a 5xx. Prometheus keeps
 * the last list while it is answered 5xx, and stops to look at whatever a short one leaves out.
 */
final class TargetsHttp {
    private static final String PATH = "/v1/sd/prometheus";
    private static final int RETRY_SECONDS = (int) Presence.EVERY.toSeconds();

    private final InstanceBook book;
    private final ServiceBook services;
    private final Membership membership;
    private final Learning learning;
    private final LongSupplier nanoTime;

    TargetsHttp(InstanceBook book, Membership membership, Learning learning, LongSupplier nanoTime) {
        this.book = book;
        this.membership = membership;
        this.learning = learning;
        this.nanoTime = nanoTime;
        this.services = new ServiceBook(nanoTime.getAsLong(), Presence.EVERY.toNanos());
    }

    /** Begins to hear which services there are. */
    Future<?> join(BusDesk bus) {
        return bus.hear(Services.PRESENT, presence -> services.hear(presence, nanoTime.getAsLong()));
    }

    void mount(Routes routes) {
        routes.get(PATH, Needs.METRICS, this::list);
    }

    private void list(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        if (learning.refuses(ctx)) {
            return;
        }
        long now = nanoTime.getAsLong();
        Optional<String> why = membership.trouble().or(() -> services.missing(membership.ids(), now));
        if (why.isPresent()) {
            ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
            HttpEdge.problem(ctx, Problem.of(503, "learning", "The list would be too short", why.get(), Map.of()));
            return;
        }
        List<TargetGroup> groups = Stream.concat(
                        services.present(membership.ids(), now).stream().map(Targets::of),
                        book.list(this::isAwaited, now).stream().flatMap(view -> Targets.of(view).stream()))
                .toList();
        HttpEdge.send(ctx, 200, groups);
    }

    /** Silent ones too: that they do not answer is what Prometheus shall see. */
    private boolean isAwaited(InstanceView view) {
        return !book.departed(view.key());
    }
}
