package io.gatefleet.runtime.audit;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.history.FileInUse;
import io.gatefleet.history.Keeping;
import io.gatefleet.history.LineFile;
import io.gatefleet.history.WriterLock;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log of one process: JSON lines in a file of its own, forced to the disk, bounded in size. Whoever writes never
 * waits; a thread of the log's own writes. What it cannot keep up with, or the disk does not take, is counted and said in
 * the next line that is written.
 */
public final class AuditLog implements AutoCloseable {
    /** 8 files of 8 MiB: some 200,000 entries. */
    public static final Keeping KEEPING = new Keeping(8L << 20, 8, true);

    /** Writes nothing down. */
    public static final AuditLog NONE = new AuditLog("", Clock.systemUTC(), null, null);

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_IN_A_BATCH = 500;
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final String service;
    private final Clock clock;
    private final @Nullable LineFile lines;
    private final @Nullable WriterLock only;
    private final Thread thread;

    private final Object lock = new Object();
    private final Queue<Map<String, Object>> waiting = new ArrayDeque<>();
    private long missed;
    private boolean closing;
    private boolean failing;

    private AuditLog(String service, Clock clock, @Nullable LineFile lines, @Nullable WriterLock only) {
        this.service = service;
        this.clock = clock;
        this.lines = lines;
        this.only = only;
        this.thread = new Thread(this::run, "audit " + service);
        this.thread.setDaemon(true);
    }

    /**
     * Begins, or goes on with, a file, which it has for itself until it is closed. Blocks.
     *
     * @param service which kind of process writes
     * @throws FileInUse if somebody else writes it
     * @throws IOException if the file's directory cannot be made, or nothing can be locked there
     */
    public static AuditLog open(Path file, String service) throws IOException {
        return open(file, service, KEEPING, Clock.systemUTC());
    }

    static AuditLog open(Path file, String service, Keeping keeping, Clock clock) throws IOException {
        LineFile.makeRoom(file);
        AuditLog audit = new AuditLog(service, clock, new LineFile(file, keeping), WriterLock.take(file));
        audit.thread.start();
        return audit;
    }

    /** From any thread; never waits, never fails. */
    public void write(AuditEntry entry) {
        if (lines == null) {
            return;
        }
        synchronized (lock) {
            if (closing) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                missed++;
                return;
            }
            sayWhatIsMissing();
            waiting.add(line(entry));
            lock.notifyAll();
        }
    }

    /** Entries that were not written and of which no later line tells yet. */
    long missed() {
        synchronized (lock) {
            return missed;
        }
    }

    private void sayWhatIsMissing() {
        if (missed > 0) {
            waiting.add(line(new AuditEntry(
                    service, null, "entries-missed", service, "missed", Map.of("count", Long.toString(missed)))));
            missed = 0;
        }
    }

    private Map<String, Object> line(AuditEntry entry) {
        Map<String, Object> line = new TreeMap<>();
        line.put("at", Instant.now(clock).truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("service", service);
        line.put("who", entry.who());
        if (entry.from() != null) {
            line.put("from", entry.from());
        }
        line.put("action", entry.action());
        line.put("subject", entry.subject());
        line.put("outcome", entry.outcome());
        line.put("facts", entry.facts());
        return line;
    }

    private void run() {
        while (true) {
            List<Map<String, Object>> batch = new ArrayList<>();
            synchronized (lock) {
                while (waiting.isEmpty() && !closing) {
                    try {
                        lock.wait();
                    } catch (InterruptedException told) {
                        return;
                    }
                }
                while (batch.size() < MOST_IN_A_BATCH && !waiting.isEmpty()) {
                    batch.add(waiting.remove());
                }
                if (batch.isEmpty()) {
                    return;
                }
            }
            append(batch);
        }
    }

    private void append(List<Map<String, Object>> batch) {
        LineFile file = lines;
        if (file == null) {
            return;
        }
        Buffer bytes = Buffer.buffer();
        batch.forEach(line -> bytes.appendBuffer(Wire.STRICT.write(line)).appendByte((byte) '\n'));
        try {
            file.append(bytes.getBytes());
            failing = false;
        } catch (IOException trouble) {
            if (!failing) {
                log.error("the audit log cannot be written; entries until it can are counted as missed", trouble);
            }
            failing = true;
            file.close();
            synchronized (lock) {
                missed += batch.size();
            }
        }
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        LineFile file = lines;
        if (file == null) {
            return;
        }
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
        // A thread that hangs in the disk still has the file.
        if (!thread.isAlive()) {
            file.close();
            free();
        }
    }

    private void free() {
        try {
            if (only != null) {
                only.close();
            }
        } catch (IOException trouble) {
            log.warn("the lock of the audit log stays until this process ends", trouble);
        }
    }
}
