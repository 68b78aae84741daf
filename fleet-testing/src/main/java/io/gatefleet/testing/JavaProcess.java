package io.gatefleet.testing;

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

/** One of our mains in a JVM of its own, small, with its log in hand. */
public final class JavaProcess implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens on ([0-9.]+:\\d+)");

    private final Process process;
    private final Thread reader;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<URI> http = new CompletableFuture<>();

    private JavaProcess(Process process) {
        this.process = process;
        reader = new Thread(this::read, "log of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * How one is called.
     *
     * @param main what runs
     * @param prefix a command that ends by executing its arguments, for example {@code ip netns exec NAME}; may be empty.
     *     Signals reach the JVM only if that command becomes it
     * @param jvm options of the JVM, beside the usual ones
     * @param classPath where its classes are
     */
    public record Call(Class<?> main, List<String> prefix, List<String> jvm, String classPath) {
        public Call {
            prefix = List.copyOf(prefix);
            jvm = List.copyOf(jvm);
        }

        /** With the class path of this process. */
        public static Call of(Class<?> main) {
            return new Call(main, List.of(), List.of(), ownClassPath());
        }

        public Call behind(List<String> command) {
            return new Call(main, command, jvm, classPath);
        }

        public Call with(String... jvmOptions) {
            return new Call(main, prefix, List.of(jvmOptions), classPath);
        }

        public Call from(String otherClassPath) {
            return new Call(main, prefix, jvm, otherClassPath);
        }

        /** @param options of the main */
        public JavaProcess start(List<String> options) throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1"));
            command.addAll(jvm);
            command.addAll(List.of("-cp", classPath, main.getName()));
            command.addAll(options);
            return new JavaProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        }

        public JavaProcess start(String... options) throws IOException {
            return start(List.of(options));
        }
    }

    /** Surefire starts a JVM with one jar that only names the others. */
    public static String ownClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Where it listens; waits until it does. */
    public URI http() throws InterruptedException {
        try {
            return http.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException cause) {
            throw new AssertionError("does not listen:\n" + String.join("\n", log()), cause);
        }
    }

    public Process process() {
        return process;
    }

    /** What it said until now. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** All of it, once the process has ended. */
    public List<String> logToItsEnd() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return log();
    }

    /** Sends a signal to this process, and to no other. */
    public void signal(Signal signal) throws IOException, InterruptedException {
        signal.to(process.pid());
    }

    /** SIGTERM, which leaves the log open. */
    public void tell() {
        process.toHandle().destroy();
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGKILL, if it still lives; does not wait. */
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
                    http.complete(URI.create("http://" + listens.group(1)));
                }
            }
            http.completeExceptionally(new IllegalStateException("it ended"));
        } catch (IOException cause) {
            http.completeExceptionally(new UncheckedIOException(cause));
        }
    }
}
