package io.gatefleet.contract.bus;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
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
        bus.publish(address, Wire.LENIENT.write(body));
    }

    /** Listens; the future completes when the whole cluster can reach the handler, with the means to stop. */
    public Future<MessageConsumer<Buffer>> hear(EventBus bus, Consumer<N> handler) {
        MessageConsumer<Buffer> consumer = bus.consumer(address);
        consumer.handler(message -> handler.accept(Wire.LENIENT.read(message.body(), news)));
        return consumer.completion().map(consumer);
    }
}
