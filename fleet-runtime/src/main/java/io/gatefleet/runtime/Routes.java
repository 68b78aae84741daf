package io.gatefleet.runtime;

import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.Needs;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The routes of a service, each with what it needs of its caller. That is asked first, before a byte of the body is read:
 * strangers get no memory.
 */
public final class Routes {
    private static final String NEEDS = "gatefleet.needs";
    private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private final Router router;
    private final Doorkeeper doorkeeper;
    private final List<Runnable> onAccessChange = new ArrayList<>();

    Routes(Router router, Doorkeeper doorkeeper) {
        this.router = router;
        this.doorkeeper = doorkeeper;
    }

    /** A route as it was declared. */
    public record Declared(String method, String path, Needs needs) {}

    public Routes get(String path, Needs needs, Handler<RoutingContext> handler) {
        return add(HttpMethod.GET, path, needs, handler);
    }

    public Routes put(String path, Needs needs, Handler<RoutingContext> handler) {
        return add(HttpMethod.PUT, path, needs, handler);
    }

    public Routes post(String path, Needs needs, Handler<RoutingContext> handler) {
        return add(HttpMethod.POST, path, needs, handler);
    }

    public Routes delete(String path, Needs needs, Handler<RoutingContext> handler) {
        return add(HttpMethod.DELETE, path, needs, handler);
    }

    private Routes add(HttpMethod method, String path, Needs needs, Handler<RoutingContext> handler) {
        Route route = router.route(method, path).putMetadata(NEEDS, needs).handler(doorkeeper.of(needs));
        if (WITH_BODY.contains(method)) {
            route.handler(BodyHandler.create(false).setBodyLimit(HttpEdge.LARGEST_BODY_BYTES));
        }
        route.handler(handler);
        return this;
    }

    /** All of them, in the order in which they were declared. */
    public List<Declared> declared() {
        return router.getRoutes().stream()
                .filter(route -> route.getMetadata(NEEDS) != null)
                .map(route -> new Declared(
                        route.methods().iterator().next().name(), route.getPath(), route.<Needs>getMetadata(NEEDS)))
                .toList();
    }

    /** Who is asking; only in handlers of routes that were declared here. */
    public static Caller caller(RoutingContext ctx) {
        Caller caller = Doorkeeper.caller(ctx);
        if (caller == null) {
            throw new IllegalStateException("nobody looked who asks for " + ctx.normalizedPath());
        }
        return caller;
    }

    /**
     * Whether who was let pass would be let pass now: tokens are revoked while their holders watch. A request that lasts
     * asks that when {@link #onAccessChange} says so.
     */
    public static boolean isStillAdmitted(RoutingContext ctx) {
        return Doorkeeper.isStillAdmitted(ctx);
    }

    /** Answers a request that waits, and whose caller would not be let pass now, as one that comes now. */
    public static void turnAway(RoutingContext ctx) {
        Doorkeeper.turnAway(ctx);
    }

    /** Whenever somebody else may be known than before; on the service's event loop. */
    public void onAccessChange(Runnable then) {
        onAccessChange.add(then);
    }

    void accessChanged() {
        onAccessChange.forEach(Runnable::run);
    }

    /** @throws IllegalStateException that names a route that does not say what it needs */
    void insistOnNeeds() {
        for (Route route : router.getRoutes()) {
            if (route.getPath() != null && route.getMetadata(NEEDS) == null) {
                throw new IllegalStateException("route %s %s: no needs (expected: declared by Routes)"
                        .formatted(route.methods(), route.getPath()));
            }
        }
    }
}
