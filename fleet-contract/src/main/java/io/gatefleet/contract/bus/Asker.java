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
 * Asks on the bus with few messages. What is asked of an address in one turn of the event loop goes together; what is asked
 * while a message to it is under way waits for its answer, but never long, and then goes together. So a lone question waits
 * for nobody, and the busier the asker, the more each message carries. What has time to spare waits for others. The answers
 * come back together, too. On one event loop.
 */
public final class Asker {
    /** No message carries more: an answer waits for the others of its message. */
    static final int MOST = 32;

    /** The same where all of them have time to spare. */
    static final int MOST_AT_LEISURE = 128;

    /** Nothing waits longer for the answer to another message, in milliseconds: who should give it may be dead. */
    private static final long WAIT_MILLIS = 5;

    private final Vertx vertx;
    private final long waitMillis;
    private final Map<Exchange<?, ?>, Lane<?, ?>> lanes = new HashMap<>();

    public Asker(Vertx vertx) {
        this(vertx, WAIT_MILLIS);
    }

    Asker(Vertx vertx, long waitMillis) {
        this.vertx = vertx;
        this.waitMillis = waitMillis;
    }

    /** As {@link Exchange#ask}; of those that go together, the first one's timeout counts, from when they go. */
    public <Q, R> Future<R> ask(Exchange<Q, R> exchange, Q question, Duration timeout) {
        return ask(exchange, question, timeout, 0);
    }

    /**
     * The same for a question that others may join.
     *
     * @param spareMillis how long it may wait for them, 0 or more; it goes sooner with one that has no time to spare
     */
    public <Q, R> Future<R> ask(Exchange<Q, R> exchange, Q question, Duration timeout, long spareMillis) {
        @SuppressWarnings("unchecked") // Put there under this exchange.
        Lane<Q, R> lane = (Lane<Q, R>) lanes.computeIfAbsent(exchange, first -> new Lane<>(exchange));
        return lane.ask(question, timeout, spareMillis);
    }

    /** What is asked of one address. */
    private final class Lane<Q, R> {
        private final Exchange<Q, R> exchange;
        private Together<Q, R> next;
        private int underWay;

        Lane(Exchange<Q, R> exchange) {
            this.exchange = exchange;
            this.next = new Together<>(exchange);
        }

        Future<R> ask(Q question, Duration timeout, long spareMillis) {
            Together<Q, R> together = next;
            Future<R> answer = together.add(question, timeout);
            if (together.size() >= (spareMillis > 0 && !together.isDue ? MOST_AT_LEISURE : MOST)) {
                go(together);
            } else if (spareMillis > 0) {
                if (together.size() == 1) {
                    vertx.setTimer(spareMillis, elapsed -> go(together));
                }
            } else if (!together.isDue) {
                together.isDue = true;
                if (underWay == 0) {
                    vertx.runOnContext(end -> go(together));
                } else {
                    vertx.setTimer(waitMillis, elapsed -> go(together));
                }
            }
            return answer;
        }

        private void go(Together<Q, R> together) {
            if (together != next) {
                // Gone before, because it was full or an answer came.
                return;
            }
            next = new Together<>(exchange);
            underWay++;
            together.go(vertx).onComplete(answered -> {
                underWay--;
                if (next.isDue) {
                    go(next);
                } else if (underWay == 0 && next.size() == 0) {
                    lanes.remove(exchange, this);
                }
            });
        }
    }

    /** What goes in one message. */
    private static final class Together<Q, R> {
        private final Exchange<Q, R> exchange;
        private final List<Q> questions = new ArrayList<>();
        private final List<Promise<R>> promises = new ArrayList<>();
        private Duration timeout = Duration.ZERO;

        /** Whether it goes with the next answer: somebody in it has no time to spare. */
        private boolean isDue;

        Together(Exchange<Q, R> exchange) {
            this.exchange = exchange;
        }

        int size() {
            return questions.size();
        }

        Future<R> add(Q question, Duration patience) {
            if (questions.isEmpty()) {
                timeout = patience;
            }
            Promise<R> promise = Promise.promise();
            questions.add(question);
            promises.add(promise);
            return promise.future();
        }

        /** Done when all are answered, each as it is. */
        Future<?> go(Vertx vertx) {
            if (questions.size() == 1) {
                return exchange.ask(vertx.eventBus(), questions.get(0), timeout).onComplete(promises.get(0));
            }
            return exchange.askAll(vertx.eventBus(), questions, timeout).onComplete(this::answered, this::failed);
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
