package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.LabelSelector;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.registry.instance.InstanceFilter;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.audit.AuditEntry;
import io.gatefleet.runtime.watch.WatchDesk;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The registry's HTTP routes: reads requests, leaves the decisions to the desk, writes answers. */
final class RegistryHttp {
    private static final String INSTANCES = "/v1/instances";
    private static final String[] FILTERS = {"host", "flavor", "state", "label"};
    private static final String INSTANCE = INSTANCES + "/:host/:instance";

    private final InstanceDesk desk;
    private final InstanceBook book;
    private final WatchDesk<InstanceView> watchers;
    private final Learning learning;
    private final LongSupplier nanoTime;
    private final Protection protection;

    RegistryHttp(
            InstanceDesk desk,
            InstanceBook book,
            WatchDesk<InstanceView> watchers,
            Learning learning,
            LongSupplier nanoTime,
            Protection protection) {
        this.desk = desk;
        this.book = book;
        this.watchers = watchers;
        this.learning = learning;
        this.nanoTime = nanoTime;
        this.protection = protection;
    }

    void mount(Routes routes) {
        routes.get(INSTANCES, Needs.READ, this::list);
        routes.get("/v1/watch", Needs.READ, this::watch);
        routes.get(INSTANCE, Needs.READ, this::find);
        routes.put(INSTANCE, Needs.JOIN, this::register);
        routes.delete(INSTANCE, Needs.OWN_NODE, this::deregister);
        routes.post(INSTANCE + "/heartbeats", Needs.OWN_NODE, this::heartbeat);
    }

    private void register(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        RegisterInstance word = HttpEdge.body(ctx, Wire.LENIENT, RegisterInstance.class);
        InstanceKey key = key(ctx);
        Caller caller = Routes.caller(ctx);
        boolean byJoinToken = caller instanceof Caller.Joiner;
        answer(
                ctx,
                desk.register(new RegisterCall(key, word), byJoinToken)
                        .map(reply -> withToken(caller, key, reply))
                        .onSuccess(reply -> {
                            if (byJoinToken) {
                                audit(ctx, caller, key, reply);
                            }
                        }));
    }

    /** Its own token for a node that has none, and a new one for a node whose key is being replaced. */
    private InstanceReply withToken(Caller caller, InstanceKey key, InstanceReply reply) {
        if (!(reply instanceof InstanceReply.Registered) && !(reply instanceof InstanceReply.Heard)) {
            return reply;
        }
        return protection
                .access()
                .tokenFor(caller, key, System.currentTimeMillis())
                .map(token -> reply instanceof InstanceReply.Registered registered
                        ? new InstanceReply.Registered(registered.registration().withToken(token), registered.fresh())
                        : reply instanceof InstanceReply.Heard heard
                                ? new InstanceReply.Heard(heard.reply().withToken(token))
                                : reply)
                .orElse(reply);
    }

    private void audit(RoutingContext ctx, Caller caller, InstanceKey key, InstanceReply reply) {
        String outcome = reply instanceof InstanceReply.Refused refused
                ? refused.refusal().kind().toString()
                : "joined";
        SocketAddress remote = ctx.request().remoteAddress();
        protection
                .audit()
                .write(new AuditEntry(
                        caller.name(),
                        remote == null ? null : remote.hostAddress(),
                        "join",
                        key.toString(),
                        outcome,
                        Map.of()));
    }

    private void heartbeat(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        Heartbeat heartbeat = HttpEdge.body(ctx, Wire.LENIENT, Heartbeat.class);
        InstanceKey key = key(ctx);
        Caller caller = Routes.caller(ctx);
        answer(ctx, desk.heartbeat(new HeartbeatCall(key, heartbeat)).map(reply -> withToken(caller, key, reply)));
    }

    private void deregister(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "incarnation", "portsClosed");
        Incarnation incarnation = HttpEdge.parameter(ctx, "incarnation")
                .map(RegistryHttp::incarnation)
                .orElseThrow(() -> new BadInput("incarnation", "absent", "the incarnation that ends"));
        boolean portsClosed = HttpEdge.parameter(ctx, "portsClosed")
                .map(RegistryHttp::portsClosed)
                .orElse(false);
        answer(ctx, desk.deregister(new DeregisterCall(key(ctx), incarnation, portsClosed)));
    }

    private void find(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        InstanceKey key = key(ctx);
        book.find(key, nanoTime.getAsLong()).ifPresentOrElse(view -> HttpEdge.send(ctx, 200, view), () -> {
            if (!learning.refuses(ctx)) {
                HttpEdge.refuse(ctx, new Refusal.UnknownInstance(key));
            }
        });
    }

    private void list(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "host", "flavor", "state", "label", "limit", "pageToken");
        InstanceFilter wanted = filter(ctx);
        if (learning.refuses(ctx)) {
            return;
        }
        List<InstanceView> instances = book.list(wanted, nanoTime.getAsLong());
        HttpEdge.send(
                ctx,
                200,
                HttpEdge.page(
                        ctx, instances, RegistryHttp::pageKey, book.revision().toString()));
    }

    private void watch(RoutingContext ctx) {
        if (!learning.refuses(ctx)) {
            watchers.watch(ctx, RegistryHttp::filter, FILTERS);
        }
    }

    private static InstanceFilter filter(RoutingContext ctx) {
        return new InstanceFilter(
                HttpEdge.parameter(ctx, "host", HostId::new).orElse(null),
                HttpEdge.parameter(ctx, "flavor", Flavor::parse).orElse(null),
                HttpEdge.parameter(ctx, "state", GatewayState::parse).orElse(null),
                LabelSelector.parse(ctx.queryParam("label")));
    }

    /** Sorts as keys do: "!" stands before every character of a host's name, as its end does. */
    private static String pageKey(InstanceView view) {
        return view.key().host() + "!" + view.key().instance();
    }

    private static void answer(RoutingContext ctx, Future<InstanceReply> future) {
        HttpEdge.answer(ctx, future, reply -> {
            if (reply instanceof InstanceReply.Registered registered) {
                HttpEdge.send(ctx, registered.fresh() ? 201 : 200, registered.registration());
            } else if (reply instanceof InstanceReply.Heard heard) {
                HttpEdge.send(ctx, 200, heard.reply());
            } else if (reply instanceof InstanceReply.Departed) {
                ctx.response().setStatusCode(204).end();
            } else if (reply instanceof InstanceReply.OtherIncarnation other) {
                HttpEdge.problem(ctx, problem(other));
            } else if (reply instanceof InstanceReply.Refused refused) {
                HttpEdge.refuse(ctx, refused.refusal());
            }
        });
    }

    private static Problem problem(InstanceReply.OtherIncarnation other) {
        return Problem.of(
                412,
                "other-incarnation",
                "A newer incarnation is registered",
                "incarnation: %s (expected: %s, the one of %s that is registered); nothing was changed"
                        .formatted(other.said(), other.registered(), other.instance()),
                Map.of(
                        "subject", other.instance(),
                        "said", other.said().number(),
                        "registered", other.registered().number()));
    }

    private static InstanceKey key(RoutingContext ctx) {
        return new InstanceKey(new HostId(ctx.pathParam("host")), new InstanceId(ctx.pathParam("instance")));
    }

    private static Incarnation incarnation(String text) {
        try {
            return new Incarnation(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            throw new BadInput("incarnation", text, "1 to 2^53 - 1");
        }
    }

    private static boolean portsClosed(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadInput("portsClosed", text, "true or false");
        };
    }
}
