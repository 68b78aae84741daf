package io.gatefleet.simulated;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one WebSocket, as far as gateways need it: text in one frame or in several, ping, close. A client
 * that breaks the rules is hung up on.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a>
 */
final class WebSocketLine {
    /** What a probing client may send; gateways themselves limit what comes before the hello. */
    private static final int LARGEST_MESSAGE = 64 * 1024;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private final DataInputStream in;
    private final OutputStream out;
    private boolean closed;

    WebSocketLine(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** What the server answers to a client's key. */
    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    /**
     * The next text; null: the other side closed.
     *
     * @throws IOException also where it breaks the protocol, or says too much at once
     */
    @Nullable
    String read() throws IOException {
        byte[] message = {};
        while (true) {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            int length = length(second & ~MASKED);
            if ((second & MASKED) == 0 || message.length + length > LARGEST_MESSAGE) {
                close((second & MASKED) == 0 ? 1002 : 1009, "");
                throw new IOException("a frame without mask, or too long: " + length);
            }
            byte[] mask = in.readNBytes(4);
            byte[] part = in.readNBytes(length);
            if (mask.length < 4 || part.length < length) {
                throw new EOFException("a frame that ends in the middle");
            }
            for (int i = 0; i < part.length; i++) {
                part[i] ^= mask[i % 4];
            }
            switch (first & 0x0F) {
                case TEXT, CONTINUATION -> {
                    message = ByteBuffer.allocate(message.length + part.length)
                            .put(message)
                            .put(part)
                            .array();
                    if ((first & FIN) != 0) {
                        return new String(message, StandardCharsets.UTF_8);
                    }
                }
                case PING -> frame(PONG, part);
                case PONG -> {}
                case CLOSE -> {
                    close(1000, "");
                    return null;
                }
                default -> {
                    close(1003, "");
                    throw new IOException("a frame of kind " + (first & 0x0F));
                }
            }
        }
    }

    private int length(int said) throws IOException {
        if (said < SHORT_LENGTH) {
            return said;
        }
        long length = said == LONG_LENGTH ? in.readLong() : in.readUnsignedShort();
        return length < 0 || length > LARGEST_MESSAGE ? LARGEST_MESSAGE + 1 : Math.toIntExact(length);
    }

    void send(String text) throws IOException {
        frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says goodbye, once. */
    void close(int code, String reason) throws IOException {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        frame(
                CLOSE,
                ByteBuffer.allocate(2 + words.length)
                        .putShort((short) code)
                        .put(words)
                        .array());
        synchronized (this) {
            closed = true;
        }
    }

    private synchronized void frame(int kind, byte[] payload) throws IOException {
        if (closed) {
            return;
        }
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 4).put((byte) (FIN | kind));
        if (payload.length < SHORT_LENGTH) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) SHORT_LENGTH).putShort((short) payload.length);
        }
        frame.put(payload);
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }
}
