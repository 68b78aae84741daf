package io.gatefleet.contract.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said on the bus. Inside one process it stays the object that it is, because it cannot change; to other members it
 * goes as JSON, written once for all of them.
 */
final class Word {
    static final String CODEC = "gatefleet";

    private static final Map<EventBus, Boolean> TAUGHT = Collections.synchronizedMap(new WeakHashMap<>());

    private final Object said;
    private volatile @Nullable Buffer json;

    Word(Object said) {
        this.said = said;
    }

    /**
     * What a message carries.
     *
     * @param body a word of this process, or JSON of another one
     * @throws io.gatefleet.contract.BadInput if it is no JSON of that type
     */
    static <T> T read(Object body, Class<T> type) {
        return body instanceof Word word ? type.cast(word.said) : Wire.LENIENT.read((Buffer) body, type);
    }

    private Buffer json() {
        Buffer written = json;
        if (written == null) {
            written = Wire.LENIENT.write(said);
            json = written;
        }
        return written;
    }

    /** Makes the bus understand words. Called before each of them, so the second time it costs nothing. */
    static void teach(EventBus bus) {
        TAUGHT.computeIfAbsent(bus, pupil -> {
            pupil.registerCodec(new Codec());
            return true;
        });
    }

    private static final class Codec implements MessageCodec<Word, Object> {
        @Override
        public void encodeToWire(Buffer buffer, Word word) {
            Buffer json = word.json();
            buffer.appendInt(json.length()).appendBuffer(json);
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            int from = position + Integer.BYTES;
            return buffer.slice(from, from + buffer.getInt(position));
        }

        @Override
        public Object transform(Word word) {
            return word;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
