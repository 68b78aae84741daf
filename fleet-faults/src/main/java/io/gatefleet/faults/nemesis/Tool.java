package io.gatefleet.faults.nemesis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls a program of this machine and waits for its end. */
final class Tool {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Tool() {}

    /**
     * What it said.
     *
     * @param input what it reads
     * @throws IOException with what was said if it failed or did not end in time
     */
    static String run(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException closed) {
                return closed.toString();
            }
        });
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedAlready) {
            // Its exit code says why.
        }
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("%s did not end within %d s".formatted(command, PATIENCE.toSeconds()));
        }
        String text;
        try {
            text = said.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException none) {
            text = "";
        }
        if (process.exitValue() != 0) {
            throw new IOException("%s: %s (exit code %d)".formatted(command, text.strip(), process.exitValue()));
        }
        return text;
    }

    static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command), "");
    }

    /** A program of the JDK that runs this. */
    static String ofTheJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
