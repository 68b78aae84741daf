package io.gatefleet.contract.bus;

import io.gatefleet.contract.BadInput;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something told to everybody who listens. May be lost, or arrive twice.
 *
 * @param address the bus address; its last part is the version
 * @param news what is told
 */
public record Broadcast<N>(String address, Class<N> news) {
    public void tell(EventBus bus, N body) {
        publish(bus, new Word(body));
    }

    /** Tells all of it in one message, to be heard one after the other. */
    public void tellAll(EventBus bus, List<N> bodies) {
        publish(bus, Word.several(bodies));
    }

    private void publish(EventBus bus, Word word) {
        Word.teach(bus);
        bus.publish(address, word, new DeliveryOptions().setCodecName(Word.CODEC));
    }

    /** Listens; the future completes when the whole cluster can reach the handler, with the means to stop. */
    public Future<MessageConsumer<Object>> hear(EventBus bus, Consumer<N> handler) {
        Word.teach(bus);
        MessageConsumer<Object> consumer = bus.consumer(address);
        consumer.handler(message -> hearEach(message.body(), handler));
        return consumer.completion().map(consumer);
    }

    /** What cannot be read is left out alone, not with all that came in its message: a newer member may tell more kinds. */
    private void hearEach(Object body, Consumer<N> handler) {
        BadInput unknown = null;
        for (Object word : Word.each(body)) {
            try {
                handler.accept(Word.read(word, news));
            } catch (BadInput cause) {
                unknown = cause;
            }
        }
        if (unknown != null) {
            // Vert.x writes it into the log.
            throw unknown;
        }
    }
}
