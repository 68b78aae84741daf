package io.gatefleet.health;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Needs;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The aggregator's HTTP routes. They only read. */
final class HealthHttp {
    private static final String FLEET = "/v1/fleet";

    private final FleetHealth health;
    private final Supplier<FleetHealthView> fleet;
    private final LongSupplier nanoTime;

    HealthHttp(FleetHealth health, Supplier<FleetHealthView> fleet, LongSupplier nanoTime) {
        this.health = health;
        this.fleet = fleet;
        this.nanoTime = nanoTime;
    }

    void mount(Routes routes) {
        routes.get(FLEET + "/health", Needs.READ, this::fleet);
        routes.get(FLEET + "/problems", Needs.READ, this::problems);
        routes.get(FLEET + "/hosts", Needs.READ, this::hosts);
        routes.get(FLEET + "/hosts/:host", Needs.READ, this::host);
        routes.get(FLEET + "/instances", Needs.READ, this::instances);
        routes.get(FLEET + "/instances/:host/:instance", Needs.READ, this::instance);
    }

    private void fleet(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HttpEdge.send(ctx, 200, fleet.get());
    }

    private void problems(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "limit", "pageToken");
        List<ProblemReport> problems = health.problems(nanoTime.getAsLong());
        HttpEdge.send(ctx, 200, HttpEdge.page(ctx, problems, FleetHealth::key, health.revision()));
    }

    private void hosts(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "limit", "pageToken");
        HttpEdge.send(
                ctx, 200, HttpEdge.page(ctx, health.hosts(), host -> host.host().toString(), health.revision()));
    }

    private void host(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HostId id = new HostId(ctx.pathParam("host"));
        Optional<HostHealth> host = health.host(id, nanoTime.getAsLong());
        answer(ctx, host, "host", "no node of %s was heard".formatted(id));
    }

    private void instances(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "host", "verdict", "reason", "limit", "pageToken");
        Optional<HostId> host = HttpEdge.parameter(ctx, "host", HostId::new);
        Optional<Verdict.State> verdict = HttpEdge.parameter(ctx, "verdict", Verdict.State::parse);
        Optional<String> reason = HttpEdge.parameter(ctx, "reason");
        List<InstanceHealth> instances = health.instances(
                instance -> (host.isEmpty() || host.get().equals(instance.key().host()))
                        && (verdict.isEmpty()
                                || verdict.get() == instance.verdict().state())
                        && (reason.isEmpty()
                                || reason.get().equals(instance.verdict().reason())),
                nanoTime.getAsLong());
        HttpEdge.send(ctx, 200, HttpEdge.page(ctx, instances, HealthHttp::pageKey, health.revision()));
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

    private static <T> void answer(RoutingContext ctx, Optional<T> found, String kind, String why) {
        if (found.isPresent()) {
            HttpEdge.send(ctx, 200, found.get());
        } else {
            HttpEdge.problem(ctx, Problem.of(404, "unknown-" + kind, "Not in the picture of the fleet", why, Map.of()));
        }
    }
}
