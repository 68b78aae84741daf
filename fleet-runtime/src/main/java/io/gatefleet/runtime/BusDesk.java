package io.gatefleet.runtime;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.bus.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that a service answers and hears on the bus, so that it can stop in order: nothing new is taken, and what was asked
 * is answered. Used on one event loop.
 */
public final class BusDesk {
    private static final long LOOK_MILLIS = 10;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Duration lateAskers;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
    private final List<Supplier<Future<MessageConsumer<Object>>>> stragglers = new ArrayList<>();
    private int underWay;

    /**
     * @param lateAskers how long members that have not yet heard that this one stops may still ask it; their questions
     *     would find nobody, and nobody would tell them
     */
    public BusDesk(Vertx vertx, Duration lateAskers) {
        this.vertx = vertx;
        this.lateAskers = lateAskers;
    }

    /** Answers; the future completes when the whole cluster can reach the handler. */
    public <Q, R> Future<?> serve(Exchange<Q, R> exchange, Function<Q, Future<R>> handler) {
        Function<Q, Future<R>> counted = question -> {
            underWay++;
            Future<R> answer;
            try {
                answer = handler.apply(question);
            } catch (RuntimeException cause) {
                underWay--;
                throw cause;
            }
            return answer.onComplete(done -> underWay--);
        };
        stragglers.add(() -> exchange.serveLocally(vertx.eventBus(), counted));
        return prepared(exchange.question(), exchange.answer())
                .compose(ready -> exchange.serve(vertx.eventBus(), counted))
                .onSuccess(consumers::add);
    }

    /** Listens; the future completes when the whole cluster can reach the handler. */
    public <N> Future<?> hear(Broadcast<N> broadcast, Consumer<N> handler) {
        return prepared(broadcast.news())
                .compose(ready -> broadcast.hear(vertx.eventBus(), handler))
                .onSuccess(consumers::add);
    }

    /** Before anybody waits for an answer. */
    private Future<?> prepared(Class<?>... types) {
        return vertx.executeBlocking(() -> {
            Wire.LENIENT.prepare(types);
            return true;
        });
    }

    /** Takes nothing more; done when what was asked is answered, or after some seconds. */
    public Future<Void> close() {
        // Vert.x hands a question that comes from another member to whoever listens here under its address, so
        // listeners that the cluster does not know of still answer those who ask by an old list.
        boolean waits = !lateAskers.isZero();
        Future<?> caught =
                waits ? Future.join(stragglers.stream().map(Supplier::get).toList()) : Future.succeededFuture();
        return caught.transform(listening -> Future.join(
                        consumers.stream().map(MessageConsumer::unregister).toList()))
                .transform(gone ->
                        waits ? vertx.timer(lateAskers.toMillis(), TimeUnit.MILLISECONDS) : Future.succeededFuture())
                .transform(elapsed -> quiet(System.nanoTime() + LONGEST_WAIT.toNanos()));
    }

    private Future<Void> quiet(long deadline) {
        return underWay == 0 || System.nanoTime() - deadline > 0
                ? Future.succeededFuture()
                : vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(elapsed -> quiet(deadline));
    }
}
