package io.gatefleet.faults.nemesis;

import io.gatefleet.testing.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process that is started again and again by the same command. What it says goes to a listener and to a file. */
final class Child implements Player {
    private final String name;
    private final List<String> command;
    private final Path log;
    private final Consumer<String> listener;
    private volatile @Nullable Process process;

    /**
     * Starts nothing.
     *
     * @param command that becomes the process which is meant: signals reach it
     * @param log is continued
     * @param listener hears every line, on a thread of its own
     */
    Child(String name, List<String> command, Path log, Consumer<String> listener) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
        this.listener = listener;
    }

    @Override
    public void start() throws IOException {
        if (isAlive()) {
            return;
        }
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        process = started;
        Thread reader = new Thread(() -> read(started), "words of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process life) {
        try (BufferedReader lines = life.inputReader(StandardCharsets.UTF_8);
                Writer file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                listener.accept(line);
                if (!line.startsWith("{")) {
                    file.write(line + "\n");
                    file.flush();
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(name, cause);
        }
    }

    @Override
    public void pause() throws IOException, InterruptedException {
        Signal.STOP.to(pid());
    }

    @Override
    public void wake() throws IOException, InterruptedException {
        if (isAlive()) {
            Signal.CONT.to(pid());
        }
    }

    @Override
    public void kill() throws InterruptedException {
        Process life = process;
        if (life != null) {
            life.destroyForcibly().waitFor();
        }
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        end(90);
        start();
    }

    @Override
    public void tell() {
        Process life = process;
        if (life != null) {
            life.toHandle().destroy();
        }
    }

    /** Tells it to end, and kills it if it has not within so many seconds; whether it ended by itself. */
    boolean end(int seconds) throws InterruptedException {
        Process life = process;
        if (life == null) {
            return true;
        }
        tell();
        if (life.waitFor(seconds, TimeUnit.SECONDS)) {
            return true;
        }
        kill();
        return false;
    }

    @Override
    public boolean isAlive() {
        Process life = process;
        return life != null && life.isAlive();
    }

    @Override
    public long pid() {
        Process life = process;
        return life == null ? 0 : life.pid();
    }
}
