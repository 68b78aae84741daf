package io.gatefleet.history;

import io.gatefleet.contract.bus.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happened to a file, one JSON line each, in the order and with the time in which it was said. Whoever says
 * something never waits: a thread of the journal's own writes. What that thread cannot keep up with, or the disk does not
 * take, is counted and said in the next line that is written, so that nobody takes a gap for silence.
 */
public final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** Lines that may wait; some megabytes. */
    private static final int MOST_WAITING = 20_000;

    private static final int BATCH_BYTES = 256 << 10;

    private final Path file;
    private final String writer;
    private final String boot;
    private final LongSupplier nanoTime;
    private final WriterLock only;
    private final Thread thread;

    private final Object lock = new Object();
    private final Queue<Line> waiting = new ArrayDeque<>();
    private long seq;
    private long missed;
    private boolean closing;

    // Of the journal's thread alone.
    private final LineFile lines;
    private boolean failing;

    private Journal(Path file, String writer, Keeping keeping, String boot, LongSupplier nanoTime, WriterLock only) {
        this.file = file;
        this.writer = writer;
        this.boot = boot;
        this.lines = new LineFile(file, keeping);
        this.nanoTime = nanoTime;
        this.only = only;
        this.thread = new Thread(this::run, "journal " + file.getFileName());
        this.thread.setDaemon(true);
    }

    /**
     * Begins a writer's life, which has the file for itself until it ends. Blocks.
     *
     * @param file is continued where it exists; {@code FILE.1} is the one before, and so on
     * @param writer a name that no other life has
     * @param version the build that writes
     * @throws FileInUse if somebody else writes it
     * @throws IOException if its directory cannot be made, or nothing can be locked there
     */
    public static Journal open(Path file, String writer, String version, Keeping keeping) throws IOException {
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        WriterLock only;
        try {
            LineFile.makeRoom(file);
            only = WriterLock.take(file);
        } catch (FileSystemException cause) {
            throw cannot(file, cause);
        }
        Journal journal = new Journal(file, writer, keeping, boot, System::nanoTime, only);
        journal.write(new Event.Began(version));
        journal.thread.start();
        return journal;
    }

    /** The kernel's word alone is often no more than a file's name. */
    private static IOException cannot(Path file, FileSystemException cause) {
        return new IOException("%s (expected: a file that can be written; %s)".formatted(file, cause), cause);
    }

    /** From any thread; never waits, never fails. */
    public void write(Event event) {
        synchronized (lock) {
            if (closing) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                missed++;
                return;
            }
            if (missed > 0) {
                add(new Event.Missed(missed));
                missed = 0;
            }
            add(event);
            lock.notifyAll();
        }
    }

    /** Lines that were not written and of which no later line tells yet. */
    long missed() {
        synchronized (lock) {
            return missed;
        }
    }

    private void add(Event event) {
        waiting.add(new Line(writer, ++seq, boot, nanoTime.getAsLong(), System.currentTimeMillis(), event));
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (List<Line> batch = next(); !batch.isEmpty(); batch = next()) {
                append(batch);
            }
        } catch (InterruptedException told) {
            // Nobody here interrupts it; whoever does wants it to end.
        } finally {
            lines.close();
            unlock();
        }
    }

    /** Waits for lines; none when the journal ends. */
    private List<Line> next() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty() && !closing) {
                lock.wait();
            }
            List<Line> batch = List.copyOf(waiting);
            waiting.clear();
            return batch;
        }
    }

    private void unlock() {
        try {
            only.close();
        } catch (IOException cause) {
            log.warn("the lock of {} cannot be let go before this process ends", file, cause);
        }
    }

    private void append(List<Line> batch) {
        int written = 0;
        try {
            while (written < batch.size()) {
                Buffer bytes = Buffer.buffer();
                int next = written;
                while (next < batch.size() && bytes.length() < BATCH_BYTES) {
                    bytes.appendBuffer(Wire.LENIENT.write(batch.get(next++))).appendByte((byte) '\n');
                }
                lines.append(bytes.getBytes());
                written = next;
            }
            failing = false;
        } catch (IOException trouble) {
            if (!failing) {
                log.warn("{} cannot be written; the lines until it can are counted as missed", file, trouble);
            }
            failing = true;
            lines.close();
            synchronized (lock) {
                missed += batch.size() - written;
            }
        }
    }
}
