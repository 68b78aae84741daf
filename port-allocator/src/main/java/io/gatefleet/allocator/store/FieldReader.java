package io.gatefleet.allocator.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link FieldWriter} wrote, whichever part of it the reader knows. */
final class FieldReader {
    private final byte[] bytes;
    private int at;
    private int end;
    private int tag;

    FieldReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Goes to the next field, past all that was not read of this one; false behind the last. */
    boolean next() {
        at = end;
        if (at == bytes.length) {
            return false;
        }
        end = bytes.length;
        tag = (int) plainNumber();
        int length = (int) plainNumber();
        if (length < 0 || length > bytes.length - at) {
            throw new IllegalStateException("field %d: %d bytes (expected: at most %d, which follow)"
                    .formatted(tag, length, bytes.length - at));
        }
        end = at + length;
        return true;
    }

    int tag() {
        return tag;
    }

    long number() {
        return plainNumber();
    }

    String text() {
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    long plainNumber() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at == end) {
                break;
            }
            byte part = bytes[at++];
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("field " + tag + ": ends within a number");
    }

    String plainText() {
        int length = (int) plainNumber();
        if (length < 0 || length > end - at) {
            throw new IllegalStateException("field " + tag + ": ends within a text");
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }
}
