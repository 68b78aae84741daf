package io.gatefleet.registry;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.runtime.HttpEdge;
import io.gatefleet.runtime.Routes;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The long requests that nodes keep open here, one for each instance: what is asked of an instance goes out on it at once,
 * and a connection that breaks tells of a node's end before any silence does. On one event loop.
 */
final class OpenRequests {
    private final Vertx vertx;
    private final String self;
    private final LongSupplier nanoTime;
    private final Consumer<OpenRequest> news;
    private final Map<InstanceKey, Line> lines = new HashMap<>();
    private final Map<HttpConnection, Set<Line>> connections = new HashMap<>();
    private boolean closing;

    /**
     * @param self this member's name among the registries
     * @param news is told of each request that is opened, and of each that breaks off
     */
    OpenRequests(Vertx vertx, String self, LongSupplier nanoTime, Consumer<OpenRequest> news) {
        this.vertx = vertx;
        this.self = self;
        this.nanoTime = nanoTime;
        this.news = news;
    }

    private static final class Line {
        final InstanceKey instance;
        final Incarnation incarnation;
        final HttpConnection connection;
        final Queue<Sending> waiting = new ArrayDeque<>();
        final Set<CommandId> known = new HashSet<>();

        @Nullable
        RoutingContext open;

        long timer = -1;

        Line(InstanceKey instance, Incarnation incarnation, HttpConnection connection) {
            this.instance = instance;
            this.incarnation = incarnation;
            this.connection = connection;
        }
    }

    /** @param deadlineAt when the command may not be begun any more */
    private record Sending(Command command, long deadlineAt) {}

    int size() {
        return lines.size();
    }

    /**
     * Keeps a request open until there is a command, or nothing for as long as the node wants to wait: 204.
     *
     * @param incarnation a life of the instance that is registered
     */
    void open(RoutingContext ctx, InstanceKey instance, Incarnation incarnation, int waitSeconds) {
        HttpConnection connection = ctx.request().connection();
        Line before = lines.get(instance);
        boolean same = before != null && before.connection == connection && before.incarnation.equals(incarnation);
        Line line = same ? Objects.requireNonNull(before) : new Line(instance, incarnation, connection);
        if (before != null) {
            release(before);
        }
        line.open = ctx;
        if (closing) {
            lines.remove(instance);
            release(line);
            return;
        }
        line.timer = vertx.setTimer(Math.max(1, TimeUnit.SECONDS.toMillis(waitSeconds)), late -> release(line));
        if (!same) {
            lines.put(instance, line);
            watch(line);
            if (before != null) {
                forget(before);
            }
            news.accept(new OpenRequest(instance, incarnation, self, true));
        }
        send(line);
    }

    /** The node has its request open at another registry now: what is left of it here is no use, and its end no news. */
    void moved(InstanceKey instance) {
        Line line = lines.remove(instance);
        if (line != null) {
            forget(line);
            release(line);
        }
    }

    private void watch(Line line) {
        Set<Line> others = connections.get(line.connection);
        if (others == null) {
            others = new HashSet<>();
            connections.put(line.connection, others);
            HttpEdge.onClose(Objects.requireNonNull(line.open), () -> broken(line.connection));
        }
        others.add(line);
    }

    private void forget(Line line) {
        Set<Line> others = connections.get(line.connection);
        if (others != null) {
            others.remove(line);
        }
    }

    private void broken(HttpConnection connection) {
        Collection<Line> gone = Objects.requireNonNullElse(connections.remove(connection), Set.of());
        for (Line line : gone) {
            vertx.cancelTimer(line.timer);
            line.open = null;
            if (lines.remove(line.instance, line) && !closing) {
                news.accept(new OpenRequest(line.instance, line.incarnation, self, false));
            }
        }
    }

    /**
     * Sends a command on its node's request, at once or with the next one.
     *
     * @return false: the node has none open here
     */
    boolean hand(Command command) {
        Line line = lines.get(command.instance());
        if (line == null || closing) {
            return false;
        }
        if (line.known.add(command.id())) {
            long deadlineAt = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(command.deadlineMillis());
            line.waiting.add(new Sending(command, deadlineAt));
            send(line);
        }
        return true;
    }

    private void send(Line line) {
        RoutingContext ctx = line.open;
        Sending next = line.waiting.peek();
        if (ctx == null || next == null) {
            return;
        }
        line.waiting.remove();
        line.open = null;
        vertx.cancelTimer(line.timer);
        long left = TimeUnit.NANOSECONDS.toMillis(next.deadlineAt - nanoTime.getAsLong());
        HttpEdge.send(ctx, 200, next.command.within(Math.max(0, left)));
    }

    /** Answers that there is nothing. */
    private void release(Line line) {
        RoutingContext ctx = line.open;
        line.open = null;
        vertx.cancelTimer(line.timer);
        if (ctx != null && !ctx.response().ended() && !ctx.response().closed()) {
            if (closing) {
                // The node goes to another registry, or comes back.
                ctx.response().putHeader("Connection", "close");
            }
            ctx.response().setStatusCode(204).end();
        }
    }

    /** Turns away the nodes whose tokens do not count any more: what is asked of their instances is not theirs to hear. */
    void recheck() {
        for (Line line : List.copyOf(lines.values())) {
            RoutingContext ctx = line.open;
            if (ctx != null && !Routes.isStillAdmitted(ctx)) {
                lines.remove(line.instance);
                forget(line);
                vertx.cancelTimer(line.timer);
                line.open = null;
                Routes.turnAway(ctx);
                news.accept(new OpenRequest(line.instance, line.incarnation, self, false));
            }
        }
    }

    /** Lets all nodes go; that is no loss of theirs. */
    void close() {
        closing = true;
        List.copyOf(lines.values()).forEach(this::release);
        lines.clear();
    }
}
