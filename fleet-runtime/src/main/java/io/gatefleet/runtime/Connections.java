package io.gatefleet.runtime;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a listener: so many, and none that keeps us waiting. A client that sends a byte now and then is
 * never idle, so what counts is when a whole head and a whole body have arrived. Whoever has shown no token that counts is
 * a stranger: of those there may be few, and they go first when room is needed, so that they cannot keep nodes out. On one
 * event loop. The connections' close handlers are this class's.
 */
final class Connections {
    private static final long LOOK_MILLIS = 250;
    private static final String GUEST = "gatefleet.guest";

    private final Patience patience;
    private final int most;
    private final int mostStrangers;
    private final Map<HttpConnection, Guest> guests = new HashMap<>();
    private final Set<Guest> strangers = new LinkedHashSet<>();
    private long refused;
    private long cut;

    /**
     * @param most at once
     * @param mostStrangers of those, who have shown no token that counts
     */
    Connections(Patience patience, int most, int mostStrangers) {
        this.patience = patience;
        this.most = most;
        this.mostStrangers = mostStrangers;
    }

    private final class Guest {
        private final HttpConnection connection;
        private boolean known;
        private final List<Runnable> onClose = new ArrayList<>();
        private int underWay;

        /** When it must have sent what is awaited; null while it waits for us. */
        private @Nullable Long due;

        Guest(HttpConnection connection, long due) {
            this.connection = connection;
            this.due = due;
        }

        private void becomeKnown() {
            if (!known) {
                known = true;
                strangers.remove(this);
            }
        }
    }

    /** Begins to look who is late; ends with the context. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(LOOK_MILLIS, tick -> cutLate(System.nanoTime()));
    }

    void opened(HttpConnection connection) {
        if (strangers.size() >= mostStrangers || guests.size() >= most) {
            Iterator<Guest> eldest = strangers.iterator();
            if (!eldest.hasNext()) {
                refused++;
                connection.close();
                return;
            }
            cut(eldest.next());
        }
        Guest guest = new Guest(connection, System.nanoTime() + patience.head().toNanos());
        guests.put(connection, guest);
        strangers.add(guest);
        connection.closeHandler(closed -> {
            forget(guest);
            guest.onClose.forEach(Runnable::run);
        });
    }

    /** A head has arrived; what follows is watched until the answer is out. */
    void asked(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Guest guest = guests.get(request.connection());
        if (guest != null) {
            ctx.put(GUEST, guest);
            guest.underWay++;
            if (request.isEnded()) {
                guest.due = null;
            } else {
                guest.due = System.nanoTime() + patience.body().toNanos();
                request.end().onComplete(whole -> guest.due = null);
            }
            ctx.addEndHandler(answered -> answered(guest));
        }
        ctx.next();
    }

    /** It has shown who it is. Known before its answer: of a fleet that registers all at once nobody is a stranger. */
    static void admitted(RoutingContext ctx) {
        Guest guest = ctx.get(GUEST);
        if (guest != null && Doorkeeper.isKnown(ctx)) {
            guest.becomeKnown();
        }
    }

    private void answered(Guest guest) {
        guest.underWay--;
        if (guest.underWay == 0) {
            guest.due = System.nanoTime() + (guest.known ? patience.pause() : patience.head()).toNanos();
        }
    }

    /** Once, when the connection of this request is gone; several may want to know. */
    static void onClose(RoutingContext ctx, Runnable then) {
        Guest guest = ctx.get(GUEST);
        if (guest == null) {
            ctx.request().connection().closeHandler(closed -> then.run());
        } else {
            guest.onClose.add(then);
        }
    }

    private void cutLate(long now) {
        List<Guest> late = new ArrayList<>();
        for (Guest guest : guests.values()) {
            Long due = guest.due;
            if (due != null && now - due > 0) {
                late.add(guest);
            }
        }
        late.forEach(this::cut);
    }

    private void cut(Guest guest) {
        cut++;
        forget(guest);
        guest.connection.close();
    }

    private void forget(Guest guest) {
        guests.remove(guest.connection);
        strangers.remove(guest);
    }

    int open() {
        return guests.size();
    }

    /** Connections for which there was no room. */
    long refused() {
        return refused;
    }

    /** Connections that were late, or made room for others. */
    long cut() {
        return cut;
    }
}
