package io.gatefleet.health;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service's own main in a JVM of its own, small, with its log in hand. */
final class ServiceJvm implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Thread reader;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    private ServiceJvm(Process process) {
        this.process = process;
        reader = new Thread(this::read, "log of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * @param classPath where its classes are
     * @param jvm options of the JVM, beside the usual ones
     * @param options of the service
     */
    static ServiceJvm start(Class<?> main, String classPath, List<String> jvm, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(options);
        return new ServiceJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Where it listens; waits until it does. */
    URI http() throws InterruptedException {
        try {
            return URI.create("http://127.0.0.1:" + port.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException cause) {
            throw new AssertionError("does not listen:\n" + String.join("\n", log), cause);
        }
    }

    Process process() {
        return process;
    }

    List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** All of it, once the process has ended. */
    List<String> logToItsEnd() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return log();
    }

    /** At once, if it still lives. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Matcher listens = LISTENS.matcher(line);
                if (listens.find()) {
                    port.complete(Integer.valueOf(listens.group(1)));
                }
            }
            port.completeExceptionally(new IllegalStateException("it ended"));
        } catch (IOException cause) {
            port.completeExceptionally(new UncheckedIOException(cause));
        }
    }
}
