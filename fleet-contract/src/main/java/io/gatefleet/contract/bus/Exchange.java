package io.gatefleet.contract.bus;

import io.gatefleet.contract.BadInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
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
    /** Of messages between members. 2: one may carry several words. 3: what registries announce is told at one address. */
    public static final int FORM = 3;

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
        return request(bus, new Word(body), timeout).map(reply -> Word.read(reply, answer));
    }

    /** Asks all of it in one message; answered when the last of them is, each in its place. */
    Future<List<Answered>> askAll(EventBus bus, List<Q> bodies, Duration timeout) {
        return request(bus, Word.several(bodies), timeout).map(reply -> Answered.read(reply, answer));
    }

    private Future<Object> request(EventBus bus, Word word, Duration timeout) {
        Word.teach(bus);
        DeliveryOptions options =
                new DeliveryOptions().setSendTimeout(timeout.toMillis()).setCodecName(Word.CODEC);
        return bus.request(address, word, options).map(Message::body);
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
            if (Word.isSeveral(message.body())) {
                answerAll(message, handler);
            } else {
                answer(message.body(), handler).onSuccess(answer -> reply(message, answer));
            }
        });
        return consumer.completion().map(consumer);
    }

    /** Never fails. */
    private Future<Answered> answer(Object word, Function<Q, Future<R>> handler) {
        Future<R> reply;
        try {
            reply = handler.apply(Word.read(word, question));
        } catch (RuntimeException cause) {
            reply = Future.failedFuture(cause);
        }
        return reply.<Answered>map(answer -> new Answered.Well(Objects.requireNonNull(answer)))
                .otherwise(cause -> new Answered.Failed(
                        cause instanceof BadInput ? BAD_QUESTION : BROKEN, String.valueOf(cause.getMessage())));
    }

    private void answerAll(Message<Object> message, Function<Q, Future<R>> handler) {
        List<Future<Answered>> answers = Word.each(message.body()).stream()
                .map(word -> answer(word, handler))
                .toList();
        Future.all(answers).onSuccess(all -> {
            List<Answered> said = all.list();
            reply(message, message.body() instanceof Word ? said : Answered.write(said));
        });
    }

    /** To another member as JSON, which whoever asks understands. */
    private void reply(Message<Object> message, Answered answered) {
        if (answered instanceof Answered.Failed failed) {
            message.fail(failed.code(), failed.message());
        } else if (answered instanceof Answered.Well well) {
            reply(message, message.body() instanceof Word ? well.answer() : Wire.LENIENT.write(well.answer()));
        }
    }

    private static void reply(Message<Object> message, Object body) {
        if (body instanceof Buffer written) {
            message.reply(written);
        } else {
            message.reply(new Word(body), new DeliveryOptions().setCodecName(Word.CODEC));
        }
    }
}
