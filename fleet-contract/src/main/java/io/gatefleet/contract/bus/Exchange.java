package io.gatefleet.contract.bus;

import io.gatefleet.contract.BadInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
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

    /**
     * Asks. Fails with a {@code ReplyException} when nobody answers in time: a request to a dead peer never fails
     * sooner, so keep the timeout short and ask again.
     */
    public Future<R> ask(EventBus bus, Q body, Duration timeout) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(timeout.toMillis());
        return bus.<Buffer>request(address, Wire.LENIENT.write(body), options)
                .map(reply -> Wire.LENIENT.read(reply.body(), answer));
    }

    /** Answers; the future completes when the whole cluster can reach the handler, with the means to stop. */
    public Future<MessageConsumer<Buffer>> serve(EventBus bus, Function<Q, Future<R>> handler) {
        return serve(bus.consumer(address), handler);
    }

    /** The same, and no other member is told. */
    public Future<MessageConsumer<Buffer>> serveLocally(EventBus bus, Function<Q, Future<R>> handler) {
        return serve(bus.localConsumer(address), handler);
    }

    private Future<MessageConsumer<Buffer>> serve(MessageConsumer<Buffer> consumer, Function<Q, Future<R>> handler) {
        consumer.handler(message -> {
            Q body;
            try {
                body = Wire.LENIENT.read(message.body(), question);
            } catch (BadInput bad) {
                message.fail(BAD_QUESTION, bad.getMessage());
                return;
            }
            answer(message, body, handler);
        });
        return consumer.completion().map(consumer);
    }

    private void answer(Message<Buffer> message, Q body, Function<Q, Future<R>> handler) {
        Future<R> reply;
        try {
            reply = handler.apply(body);
        } catch (BadInput bad) {
            message.fail(BAD_QUESTION, bad.getMessage());
            return;
        } catch (RuntimeException bug) {
            reply = Future.failedFuture(bug);
        }
        reply.onSuccess(answer -> message.reply(Wire.LENIENT.write(answer)))
                .onFailure(cause -> message.fail(
                        cause instanceof BadInput ? BAD_QUESTION : BROKEN, String.valueOf(cause.getMessage())));
    }
}
