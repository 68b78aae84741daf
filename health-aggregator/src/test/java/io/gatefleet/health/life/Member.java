package io.gatefleet.health.life;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One life of a member of the control plane: a JVM with the service's own main. */
final class Member implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final Process process;
    private final URI http;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;

    private Member(Process process, URI http) {
        this.process = process;
        this.http = http;
        reader = new Thread(this::read, "log of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Member start(String main, String classPath, URI http, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main));
        command.addAll(options);
        return new Member(new ProcessBuilder(command).redirectErrorStream(true).start(), http);
    }

    URI http() {
        return http;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What a path answers, as {@code STATUS BODY}; empty where nobody does. */
    Optional<String> get(String path, Duration patience) {
        try {
            var answer = CLIENT.send(
                    HttpRequest.newBuilder(http.resolve(path)).timeout(patience).build(), BodyHandlers.ofString());
            return Optional.of(answer.statusCode() + " " + answer.body());
        } catch (IOException silent) {
            return Optional.empty();
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What it says of itself; empty where it does not answer within 2 s. */
    Optional<String> readiness() {
        return get("/readyz", Duration.ofSeconds(2));
    }

    boolean isReady() {
        return readiness().filter(said -> said.startsWith("200")).isPresent();
    }

    /** One of its meters without labels; 0 while it has none. */
    double meter(String name) {
        return get("/metrics", Duration.ofSeconds(5))
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    void tell(String signal) {
        try {
            int code = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + signal + ": " + code);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its exit code; waits until it has ended. */
    int ended() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end:\n" + String.join("\n", log()));
        }
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return process.exitValue();
    }

    List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
            }
        } catch (IOException ended) {
            log.add("its log cannot be read: " + ended);
        }
    }
}
