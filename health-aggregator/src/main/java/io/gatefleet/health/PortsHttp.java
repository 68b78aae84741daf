package io.gatefleet.health;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.PortMapQuestion;
import io.gatefleet.contract.lease.PortMapReply;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.Unavailable;
import io.gatefleet.runtime.access.Needs;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;

/** A host's port space, asked of a port-allocator on behalf of the page, which can ask nobody but this service. */
final class PortsHttp {
    /** An allocator that does not answer in that time is not there: a request to a dead peer never fails by itself. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final EventBus bus;

    PortsHttp(EventBus bus) {
        this.bus = bus;
    }

    void mount(Routes routes) {
        routes.get("/v1/fleet/hosts/:host/ports", Needs.READ, this::ports);
    }

    private void ports(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HostId host = new HostId(ctx.pathParam("host"));
        Future<PortMapReply> reply = Leases.PORTS
                .ask(bus, new PortMapQuestion(host), ANSWER)
                .recover(cause -> Future.failedFuture(new Unavailable("The port-allocator", ANSWER.toMillis(), cause)));
        HttpEdge.answer(ctx, reply, said -> {
            if (said.ports() != null) {
                HttpEdge.send(ctx, 200, said.ports());
            } else {
                HttpEdge.problem(
                        ctx,
                        Problem.of(
                                404,
                                "unknown-host",
                                "Not in the allocators' books",
                                "host: %s (expected: a host of which a node has spoken, or that has reservations)"
                                        .formatted(host),
                                Map.of("name", "host", "value", host.value())));
            }
        });
    }
}
