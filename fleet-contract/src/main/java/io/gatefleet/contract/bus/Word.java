package io.gatefleet.contract.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said on the bus. Inside one process it stays the object that it is, because it cannot change; to other members it
 * goes as JSON, written once for all of them. One message may carry several.
 */
final class Word {
    static final String CODEC = "gatefleet";

    private static final Map<EventBus, Boolean> TAUGHT = Collections.synchronizedMap(new WeakHashMap<>());

    /** The first byte of several words together; JSON never begins with it. */
    private static final byte SEVERAL = 0;

    private final Object said;
    private volatile @Nullable Buffer written;

    Word(Object said) {
        this.said = said;
    }

    /** Several words in one message, each to be read by itself. */
    static Word several(List<?> said) {
        return new Word(new Several(said.stream().map(Word::new).toList()));
    }

    private record Several(List<Word> words) {
        private Buffer write() {
            Buffer all = Buffer.buffer().appendByte(SEVERAL);
            for (Word word : words) {
                Buffer one = word.write();
                all.appendInt(one.length()).appendBuffer(one);
            }
            return all;
        }
    }

    /** Whether a message carries more than one word. */
    static boolean isSeveral(Object body) {
        return body instanceof Word word
                ? word.said instanceof Several
                : ((Buffer) body).length() > 0 && ((Buffer) body).getByte(0) == SEVERAL;
    }

    /** The words of a message, in their order: it is one itself, or several. */
    static List<?> each(Object body) {
        if (!isSeveral(body)) {
            return List.of(body);
        }
        if (body instanceof Word word) {
            return ((Several) word.said).words();
        }
        Buffer all = (Buffer) body;
        List<Buffer> words = new ArrayList<>();
        int at = 1;
        while (at < all.length()) {
            int from = at + Integer.BYTES;
            at = from + all.getInt(at);
            words.add(all.slice(from, at));
        }
        return words;
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

    private Buffer write() {
        Buffer known = written;
        if (known == null) {
            known = said instanceof Several several ? several.write() : Wire.LENIENT.write(said);
            written = known;
        }
        return known;
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
            Buffer written = word.write();
            buffer.appendInt(written.length()).appendBuffer(written);
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
