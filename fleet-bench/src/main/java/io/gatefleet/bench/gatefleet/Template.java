package io.gatefleet.bench.gatefleet;

import io.gatefleet.contract.bus.Wire;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** JSON with one number to fill in: a generator that writes every body anew would measure itself. */
public final class Template {
    private final byte[] before;
    private final byte[] after;

    /**
     * Of a word that has the number {@code hole} once.
     *
     * @throws IllegalArgumentException if it has not
     */
    public Template(Object word, long hole) {
        String json = Wire.LENIENT.write(word).toString(StandardCharsets.UTF_8);
        String mark = Long.toString(hole);
        int at = json.indexOf(mark);
        if (at < 0 || json.indexOf(mark, at + 1) >= 0) {
            throw new IllegalArgumentException("%s in %s (expected: once)".formatted(mark, json));
        }
        before = json.substring(0, at).getBytes(StandardCharsets.UTF_8);
        after = json.substring(at + mark.length()).getBytes(StandardCharsets.UTF_8);
    }

    public Buffer with(long number) {
        return Buffer.buffer(before.length + after.length + 20)
                .appendBytes(before)
                .appendString(Long.toString(number))
                .appendBytes(after);
    }
}
