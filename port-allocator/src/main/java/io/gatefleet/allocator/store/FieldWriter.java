package io.gatefleet.allocator.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes fields one behind the other: a tag, a length, that many bytes. Numbers take a byte for every seven bits. */
final class FieldWriter {
    /** The length of a compound field is written when it is known; so much room is kept for it. */
    private static final int LENGTH_BYTES = 2;

    private static final int LONGEST_COMPOUND = (1 << (7 * LENGTH_BYTES)) - 1;

    private byte[] bytes;
    private int size;
    private int compoundFrom = -1;

    FieldWriter(int expected) {
        bytes = new byte[expected];
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    void number(int tag, long value) {
        plainNumber(tag);
        plainNumber(length(value));
        plainNumber(value);
    }

    void text(int tag, String value) {
        bytes(tag, value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(int tag, byte[] value) {
        plainNumber(tag);
        plainBytes(value);
    }

    /** Begins a field that is made of plain values, to the next {@link #end}. */
    void begin(int tag) {
        plainNumber(tag);
        room(LENGTH_BYTES);
        size += LENGTH_BYTES;
        compoundFrom = size;
    }

    void end() {
        int length = size - compoundFrom;
        if (compoundFrom < 0 || length > LONGEST_COMPOUND) {
            throw new IllegalStateException("compound field of " + length + " bytes");
        }
        // Always two bytes: a number may be written longer than it must.
        bytes[compoundFrom - 2] = (byte) ((length & 0x7f) | 0x80);
        bytes[compoundFrom - 1] = (byte) (length >>> 7);
        compoundFrom = -1;
    }

    /** A number of 0 or more. */
    void plainNumber(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void plainText(String value) {
        int length = value.length();
        room(10 + length);
        int before = size;
        plainNumber(length);
        // Names are ASCII, of which a character is a byte; what is not is written again.
        for (int i = 0; i < length; i++) {
            char letter = value.charAt(i);
            if (letter >= 0x80) {
                size = before;
                plainBytes(value.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[size++] = (byte) letter;
        }
    }

    private void plainBytes(byte[] value) {
        plainNumber(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private static int length(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
