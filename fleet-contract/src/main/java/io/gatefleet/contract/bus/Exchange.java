package io.gatefleet.contract.bus;

import io.gatefleet.contract.BadInput;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * A question with one answer on the event bus.
 *
 * @param address the bus address; its last part is the version
 * @param question what is asked
 * @param answer what comes back
 */
public record Exchange<Q, R>(String address, Class<Q> question, Class<R> answer) {
    /** The reply's failure code when the question could not be read. */
    public static final int BAD_QUESTION = 400;

    /** The reply's failure code when the answering side broke. */
    public static final int BROKEN = 500;

    /** The same, asked of one member: whoever else answers that question is not. */
    public Exchange<Q, R> of(String member) {
        return new Exchange<>(address + "." + member, question, answer);
    }

    /**
     * Asks. Fails with a {@code ReplyException} when nobody answers in time: a request to a dead peer never fails
     * sooner, so keep the timeout short and ask again.
     */
    public Future<R> ask(EventBus bus, Q body, Duration timeout) {
        Word.teach(bus);
        DeliveryOptions options =
                new DeliveryOptions().setSendTimeout(timeout.toMillis()).setCodecName(Word.CODEC);
        return bus.request(address, new Word(body), options).map(reply -> Word.read(reply.body(), answer));
    }

    /** Answers; the future completes when the whole cluster can reach the handler, with the means to stop. */
    public Future<MessageConsumer<Object>> serve(EventBus bus, Function<Q, Future<R>> handler) {
        Word.teach(bus);
        return serve(bus.consumer(address), handler);
    }

    /** The same, and no other member is told. */
    public Future<MessageConsumer<Object>> serveLocally(EventBus bus, Function<Q, Future<R>> handler) {
        Word.teach(bus);
        return serve(bus.localConsumer(address), handler);
    }

    private Future<MessageConsumer<Object>> serve(MessageConsumer<Object> consumer, Function<Q, Future<R>> handler) {
        consumer.handler(message -> {
            Q body;
            try {
                body = Word.read(message.body(), question);
            } catch (BadInput bad) {
                message.fail(BAD_QUESTION, bad.getMessage());
                return;
            }
            answer(message, body, handler);
        });
        return consumer.completion().map(consumer);
    }

    private void answer(Message<Object> message, Q body, Function<Q, Future<R>> handler) {
        Future<R> reply;
        try {
            reply = handler.apply(body);
        } catch (BadInput bad) {
            message.fail(BAD_QUESTION, bad.getMessage());
            return;
        } catch (RuntimeException bug) {
            reply = Future.failedFuture(bug);
        }
        reply.onComplete(
                answer -> reply(message, answer),
                cause -> message.fail(
                        cause instanceof BadInput ? BAD_QUESTION : BROKEN, String.valueOf(cause.getMessage())));
    }

    /** To another member as JSON, which whoever asks understands. */
    private void reply(Message<Object> message, R answer) {
        if (message.body() instanceof Word) {
            message.reply(new Word(Objects.requireNonNull(answer)), new DeliveryOptions().setCodecName(Word.CODEC));
        } else {
            message.reply(Wire.LENIENT.write(Objects.requireNonNull(answer)));
        }
    }
}
