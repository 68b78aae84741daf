package io.gatefleet.contract.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks on the bus what was asked in one turn of the event loop with one message for each address: a busy asker sends few
 * messages, and a lone question waits for nobody. The answers come back together, too. On one event loop.
 */
public final class AskedInOneTurn {
    /** No message carries more: an answer waits for the others of its message. */
    static final int MOST = 32;

    private final Vertx vertx;
    private final Map<Exchange<?, ?>, Turn<?, ?>> turns = new HashMap<>();

    public AskedInOneTurn(Vertx vertx) {
        this.vertx = vertx;
    }

    /** As {@link Exchange#ask}; of those that go together, the first one's timeout counts. */
    public <Q, R> Future<R> ask(Exchange<Q, R> exchange, Q question, Duration timeout) {
        @SuppressWarnings("unchecked") // Put there under this exchange.
        Turn<Q, R> known = (Turn<Q, R>) turns.get(exchange);
        if (known != null && known.questions.size() < MOST) {
            return known.add(question);
        }
        Turn<Q, R> turn = new Turn<>(exchange, timeout);
        turns.put(exchange, turn);
        Future<R> answer = turn.add(question);
        vertx.runOnContext(end -> {
            turns.remove(exchange, turn);
            turn.ask(vertx);
        });
        return answer;
    }

    private static final class Turn<Q, R> {
        private final Exchange<Q, R> exchange;
        private final Duration timeout;
        private final List<Q> questions = new ArrayList<>();
        private final List<Promise<R>> promises = new ArrayList<>();

        Turn(Exchange<Q, R> exchange, Duration timeout) {
            this.exchange = exchange;
            this.timeout = timeout;
        }

        Future<R> add(Q question) {
            Promise<R> promise = Promise.promise();
            questions.add(question);
            promises.add(promise);
            return promise.future();
        }

        void ask(Vertx vertx) {
            if (questions.size() == 1) {
                exchange.ask(vertx.eventBus(), questions.get(0), timeout).onComplete(promises.get(0));
                return;
            }
            exchange.askAll(vertx.eventBus(), questions, timeout).onComplete(this::answered, this::failed);
        }

        private void answered(List<Answered> answers) {
            if (answers.size() != promises.size()) {
                failed(new IllegalStateException("%s answered %d of %d questions"
                        .formatted(exchange.address(), answers.size(), promises.size())));
                return;
            }
            for (int i = 0; i < promises.size(); i++) {
                answers.get(i).as(exchange.answer()).onComplete(promises.get(i));
            }
        }

        private void failed(Throwable cause) {
            promises.forEach(promise -> promise.fail(cause));
        }
    }
}
