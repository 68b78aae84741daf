package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandAnswer;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.registry.command.Asking;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.registry.instance.InstanceFilter;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.Needs;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The registry's HTTP routes for commands: operators ask, nodes fetch and answer. */
final class CommandHttp {
    private static final String OF_INSTANCE = "/v1/instances/:host/:instance/commands";
    private static final String OF_HOST = "/v1/hosts/:host/commands";

    /** Below the 60 s after which the edge closes a connection that is idle. */
    private static final int LONGEST_WAIT_SECONDS = 50;

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final CommandDesk desk;
    private final InstanceBook instances;
    private final LongSupplier nanoTime;

    CommandHttp(CommandDesk desk, InstanceBook instances, LongSupplier nanoTime) {
        this.desk = desk;
        this.instances = instances;
        this.nanoTime = nanoTime;
    }

    void mount(Routes routes) {
        routes.post(OF_INSTANCE, Needs.ADMIN, this::ask);
        routes.get(OF_INSTANCE, Needs.READ, this::list);
        // "next" is no id: those have 8 characters or more.
        routes.get(OF_INSTANCE + "/next", Needs.OWN_NODE, this::next);
        routes.get(OF_INSTANCE + "/:id", Needs.READ, this::find);
        routes.put(OF_INSTANCE + "/:id/result", Needs.OWN_NODE, this::result);
        routes.post(OF_HOST, Needs.ADMIN, this::askHost);
    }

    private void ask(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        InstanceKey key = key(ctx);
        WantedCommand wanted = wanted(ctx);
        CommandId id = id(ctx);
        if (instances.incarnation(key).isEmpty()) {
            HttpEdge.refuse(ctx, new Refusal.UnknownInstance(key));
            return;
        }
        Asking asking = desk.ask(wanted.of(id, key), from(ctx));
        Problem problem = problem(asking);
        if (problem != null) {
            HttpEdge.problem(ctx, problem);
            return;
        }
        boolean fresh = asking instanceof Asking.Fresh;
        ctx.response().putHeader(HttpHeaders.LOCATION, "/v1/instances/%s/commands/%s".formatted(key, id));
        send(ctx, fresh ? 201 : 200, view(asking));
    }

    private void askHost(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx);
        HostId host = new HostId(ctx.pathParam("host"));
        WantedCommand wanted = wanted(ctx);
        CommandId id = id(ctx);
        List<InstanceKey> there = instances.list(InstanceFilter.of(host), nanoTime.getAsLong()).stream()
                .map(InstanceView::key)
                .filter(key -> !instances.departed(key))
                .toList();
        if (there.isEmpty()) {
            HttpEdge.problem(
                    ctx,
                    Problem.of(
                            404,
                            "unknown-host",
                            "No instance of that host is registered",
                            "host: %s (expected: one that has instances; see /v1/instances)".formatted(host),
                            Map.of("host", host)));
            return;
        }
        String from = from(ctx);
        List<CommandView> views = there.stream()
                .map(key -> wanted.of(id, key))
                .map(command -> seen(command, desk.ask(command, from)))
                .toList();
        send(ctx, 200, Map.of("items", views));
    }

    /** Where access is on, a command is its token's, whatever its body says. */
    private static WantedCommand wanted(RoutingContext ctx) {
        WantedCommand said = HttpEdge.body(ctx, Wire.STRICT, WantedCommand.class);
        return Routes.caller(ctx) instanceof Caller.Operator operator
                ? new WantedCommand(said.order(), operator.tokenName(), said.reason(), said.deadlineMillis())
                : said;
    }

    /** Of a host every instance has its own answer: one that cannot take the command keeps no other from it. */
    private static CommandView seen(Command command, Asking asking) {
        Problem problem = problem(asking);
        return problem == null
                ? view(asking)
                : new CommandView(command, CommandView.State.ENDED, new CommandResult.NotDone(problem.detail()), 0);
    }

    private void list(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "limit", "pageToken");
        InstanceKey key = key(ctx);
        if (instances.incarnation(key).isEmpty()) {
            HttpEdge.refuse(ctx, new Refusal.UnknownInstance(key));
            return;
        }
        List<CommandView> views = desk.list(key);
        Map<CommandId, String> order = new HashMap<>();
        for (int i = 0; i < views.size(); i++) {
            order.put(views.get(i).command().id(), "%06d".formatted(i));
        }
        ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        HttpEdge.send(
                ctx,
                200,
                HttpEdge.page(
                        ctx,
                        views,
                        view -> Objects.requireNonNull(order.get(view.command().id())),
                        instances.revision().toString()));
    }

    private void find(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "wait");
        InstanceKey key = key(ctx);
        CommandId id = new CommandId(ctx.pathParam("id"));
        int wait = HttpEdge.number(ctx, "wait", 0, LONGEST_WAIT_SECONDS).orElse(0);
        HttpEdge.answer(ctx, desk.await(key, id, wait), found -> {
            if (found.isPresent()) {
                send(ctx, 200, found.get());
            } else {
                HttpEdge.problem(ctx, unknown(key, id));
            }
        });
    }

    private static Problem unknown(InstanceKey key, CommandId id) {
        return Problem.of(
                404,
                "unknown-command",
                "No registry remembers that command",
                "id: %s (expected: a command of %s of the last 10 minutes; asked again under the same id it is done once)"
                        .formatted(id, key),
                Map.of("subject", key, "id", id));
    }

    private void next(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "incarnation", "wait");
        InstanceKey key = key(ctx);
        Incarnation incarnation = incarnation(ctx);
        int wait = HttpEdge.number(ctx, "wait", 0, LONGEST_WAIT_SECONDS).orElse(0);
        Optional<Incarnation> registered = instances.incarnation(key);
        if (registered.isEmpty() || registered.get().compareTo(incarnation) < 0 || instances.departed(key)) {
            HttpEdge.refuse(ctx, new Refusal.UnknownInstance(key));
        } else if (!registered.get().equals(incarnation)) {
            HttpEdge.refuse(ctx, new Refusal.Superseded(key, incarnation, registered.get()));
        } else {
            desk.requests().open(ctx, key, incarnation, wait);
        }
    }

    private void result(RoutingContext ctx) {
        HttpEdge.onlyParameters(ctx, "incarnation");
        InstanceKey key = key(ctx);
        Incarnation incarnation = incarnation(ctx);
        CommandId id = new CommandId(ctx.pathParam("id"));
        CommandResult result = HttpEdge.body(ctx, Wire.LENIENT, CommandResult.class);
        Optional<Incarnation> registered = instances.incarnation(key);
        if (registered.isPresent() && registered.get().compareTo(incarnation) > 0) {
            HttpEdge.refuse(ctx, new Refusal.Superseded(key, incarnation, registered.get()));
            return;
        }
        desk.answered(new CommandAnswer(key, id, result));
        ctx.response().setStatusCode(204).end();
    }

    private static @Nullable Problem problem(Asking asking) {
        if (asking instanceof Asking.IdTaken taken) {
            Command other = taken.view().command();
            return Problem.of(
                    409,
                    "command-id-taken",
                    "Another order has that id",
                    "%s: %s (expected: another one; under this id %s was asked of %s)"
                            .formatted(
                                    IDEMPOTENCY_KEY, other.id(), other.order().kind(), other.instance()),
                    Map.of("subject", other.instance(), "id", other.id()));
        }
        return asking instanceof Asking.Full full
                ? Problem.of(503, "too-many-commands", "Too many commands wait", full.sentence(), Map.of())
                : null;
    }

    private static CommandView view(Asking asking) {
        if (asking instanceof Asking.Fresh fresh) {
            return fresh.view();
        }
        if (asking instanceof Asking.Repeated repeated) {
            return repeated.view();
        }
        throw new IllegalStateException("no command: " + asking);
    }

    /** May hold what a gateway printed: nobody in between keeps it. */
    private static void send(RoutingContext ctx, int status, Object body) {
        ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        HttpEdge.send(ctx, status, body);
    }

    private static CommandId id(RoutingContext ctx) {
        String key = ctx.request().getHeader(IDEMPOTENCY_KEY);
        if (key == null) {
            return CommandId.random();
        }
        try {
            return new CommandId(key);
        } catch (BadInput bad) {
            throw new BadInput(IDEMPOTENCY_KEY, bad.value(), bad.expected());
        }
    }

    private static String from(RoutingContext ctx) {
        return ctx.request().remoteAddress().hostAddress();
    }

    private static InstanceKey key(RoutingContext ctx) {
        return new InstanceKey(new HostId(ctx.pathParam("host")), new InstanceId(ctx.pathParam("instance")));
    }

    private static Incarnation incarnation(RoutingContext ctx) {
        String text = HttpEdge.parameter(ctx, "incarnation")
                .orElseThrow(() -> new BadInput("incarnation", "absent", "the node's own"));
        try {
            return new Incarnation(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            throw new BadInput("incarnation", text, "1 to 2^53 - 1");
        }
    }
}
