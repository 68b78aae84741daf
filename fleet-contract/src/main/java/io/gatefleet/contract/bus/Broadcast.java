package io.gatefleet.contract.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * Something told to everybody who listens. May be lost, or arrive twice.
 *
 * @param address the bus address; its last part is the version
 * @param news what is told
 */
public record Broadcast<N>(String address, Class<N> news) {
    public void tell(EventBus bus, N body) {
        Word.teach(bus);
        bus.publish(address, new Word(body), new DeliveryOptions().setCodecName(Word.CODEC));
    }

    /** Listens; the future completes when the whole cluster can reach the handler, with the means to stop. */
    public Future<MessageConsumer<Object>> hear(EventBus bus, Consumer<N> handler) {
        Word.teach(bus);
        MessageConsumer<Object> consumer = bus.consumer(address);
        consumer.handler(message -> handler.accept(Word.read(message.body(), news)));
        return consumer.completion().map(consumer);
    }
}
