package io.gatefleet.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command as a user runs it: the launcher, and the jars that the build has just put together. */
final class Distribution {
    private static final Path LAUNCHER =
            Path.of("..", "gatefleet").toAbsolutePath().normalize();
    private static final long COMMAND_SECONDS = 60;

    private final Path home;

    /** @param home the fleet's directory, which every command gets by its environment */
    Distribution(Path home) {
        this.home = home;
    }

    /** What a command said, and how it ended. */
    record Result(int exitCode, String out, String err) {}

    /** Runs a command to its end. */
    Result run(String... words) throws IOException, InterruptedException {
        Path out = Files.createTempFile("gatefleet-out", "");
        Path err = Files.createTempFile("gatefleet-err", "");
        try {
            Process process = builder(words)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", words) + " did not end; it said: "
                        + Files.readString(out) + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Starts a command that goes on; both its streams go to {@code said}. */
    Process start(Path said, String... words) throws IOException {
        return builder(words)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    private ProcessBuilder builder(String... words) {
        List<String> command = new ArrayList<>();
        // A shell without job control starts background jobs with SIGINT ignored, and children inherit that.
        command.addAll(List.of("env", "--default-signal=INT", LAUNCHER.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEFLEET_"));
        builder.environment().put("GATEFLEET_HOME", home.toString());
        builder.environment().put("GATEFLEET_NO_BUILD", "1");
        return builder;
    }

    /** Sends a signal as a terminal or an operator would. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -" + name + " " + pid + ": "
                    + new String(kill.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Every living process of this home: its command line or its environment names it, as a gateway's does. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> names(process, "cmdline") || names(process, "environ"))
                .toList();
    }

    private boolean names(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1)
                    .contains(home.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
