package io.gatefleet.health;

import io.gatefleet.contract.Page;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.health.FleetHealthView.Observer;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Observed;
import io.gatefleet.contract.health.ObservedPage;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.watch.WatchDesk;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The aggregator's HTTP routes. They only read. */
final class HealthHttp {
    private static final String FLEET = "/v1/fleet";

    private final FleetHealth health;
    private final Supplier<Observer> observer;
    private final FleetChanges changes;
    private final WatchDesk<FleetItem> watchers;
    private final LongSupplier nanoTime;

    HealthHttp(
            FleetHealth health,
            FleetChanges changes,
            WatchDesk<FleetItem> watchers,
            Supplier<Observer> observer,
            LongSupplier nanoTime) {
        this.health = health;
        this.changes = changes;
        this.watchers = watchers;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    void mount(Routes routes) {
        routes.get(FLEET + "/health", Needs.READ, this::fleet);
        routes.get(FLEET + "/watch", Needs.READ, ctx -> watchers.watch(ctx, FleetFilter::of, FleetFilter.PARAMETERS));
        routes.get(FLEET + "/problems", Needs.READ, this::problems);
        routes.get(FLEET + "/hosts", Needs.READ, this::hosts);
        routes.get(FLEET + "/hosts/:host", Needs.READ, this::host);
        routes.get(FLEET + "/instances", Needs.READ, this::instances);
        routes.get(FLEET + "/instances/:host/:instance", Needs.READ, this::instance);
    }

    private void fleet(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HttpEdge.send(ctx, 200, health.fleet(observer.get(), nanoTime.getAsLong()));
    }

    private void problems(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "limit", "pageToken");
        List<ProblemReport> problems = health.problems(nanoTime.getAsLong());
        page(ctx, problems, FleetHealth::key);
    }

    private void hosts(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "limit", "pageToken");
        page(ctx, health.hosts(), host -> host.host().toString());
    }

    private void host(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HostId id = new HostId(ctx.pathParam("host"));
        Optional<HostHealth> host = health.host(id, nanoTime.getAsLong());
        answer(ctx, host, "host", "no node of %s was heard".formatted(id));
    }

    private void instances(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "host", "verdict", "reason", "label", "limit", "pageToken");
        FleetFilter wanted = FleetFilter.ofInstances(ctx);
        page(ctx, health.instances(wanted::test, nanoTime.getAsLong()), HealthHttp::pageKey);
    }

    private void instance(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        InstanceKey key = new InstanceKey(new HostId(ctx.pathParam("host")), new InstanceId(ctx.pathParam("instance")));
        Optional<InstanceHealth> instance = health.instance(key, nanoTime.getAsLong());
        answer(ctx, instance, "instance", "no node of %s was heard, or it said goodbye".formatted(key));
    }

    /** Sorts as keys do: "!" stands before every character of a host's name, as its end does. */
    private static String pageKey(InstanceHealth instance) {
        return instance.key().host() + "!" + instance.key().instance();
    }

    private <T> void page(RoutingContext ctx, List<T> sorted, Function<T, String> key) {
        Page<T> page = HttpEdge.page(ctx, sorted, key, changes.log().revision().toString());
        HttpEdge.send(
                ctx, 200, new ObservedPage<>(page.items(), page.nextPageToken(), page.revision(), observer.get()));
    }

    private <T> void answer(RoutingContext ctx, Optional<T> found, String kind, String why) {
        if (found.isPresent()) {
            HttpEdge.send(ctx, 200, new Observed<>(found.get(), observer.get()));
        } else {
            HttpEdge.problem(ctx, Problem.of(404, "unknown-" + kind, "Not in the picture of the fleet", why, Map.of()));
        }
    }
}
