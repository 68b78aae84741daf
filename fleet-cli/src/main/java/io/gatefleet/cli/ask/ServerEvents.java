package io.gatefleet.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream of server-sent events, read by a thread of its own as fast as its events are taken. */
public final class ServerEvents implements AutoCloseable {
    /** So much may be read ahead. */
    private static final int AHEAD = 256;

    private final InputStream body;
    private final BlockingQueue<Read> read = new ArrayBlockingQueue<>(AHEAD);
    private final Thread reader;

    /**
     * One event.
     *
     * @param id where to go on after it; empty: it cannot be gone on from there
     * @param type for example {@code synced}
     */
    public record Event(String id, String type, JsonNode data) {}

    /** An event, or why there will be no more. */
    private record Read(@Nullable Event event, @Nullable String end) {}

    ServerEvents(InputStream body) {
        this.body = body;
        this.reader = new Thread(this::read, "events");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /**
     * The next event; null if there is none for so long.
     *
     * @throws IOException if the stream ended
     */
    @Nullable
    Event next(Duration patience) throws IOException, InterruptedException {
        Read next = read.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            return null;
        }
        if (next.event == null) {
            read.add(next);
            throw new IOException(next.end);
        }
        return next.event;
    }

    private void read() {
        String why = "it was closed";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            Event event = event(lines);
            while (event != null) {
                read.put(new Read(event, null));
                event = event(lines);
            }
        } catch (IOException | UncheckedIOException cause) {
            why = String.valueOf(cause.getMessage());
        } catch (InterruptedException closed) {
            return;
        }
        try {
            read.put(new Read(null, why));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null at the end of the stream. */
    private static @Nullable Event event(BufferedReader lines) throws IOException {
        String id = "";
        String type = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                type = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip()).append('\n');
            } else if (line.isEmpty() && data.length() > 0) {
                return new Event(
                        id, type, Wire.LENIENT.read(data.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class));
            }
        }
        return null;
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            body.close();
        } catch (IOException gone) {
            // It is closed.
        }
    }
}
