package io.gatefleet.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with its log in a file. It never outlives the benchmark. */
public final class ServerProcess implements AutoCloseable {
    /** What every JVM among the servers gets, whoever's it is. */
    private static final List<String> JVM =
            List.of("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;
    private static final int STOP_SECONDS = 10;
    private static final int TAIL = 2_000;

    private final String name;
    private final Process process;
    private final Path log;

    private ServerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        RUNNING.add(process);
    }

    /**
     * Starts one.
     *
     * @param home its working directory, where its log goes, too
     */
    public static ServerProcess start(String name, Path home, List<String> command, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(home);
        Path log = home.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ServerProcess(name, builder.start(), log);
    }

    /** The same for a main class on a class path. */
    public static ServerProcess java(
            String name, Path home, String classPath, List<String> options, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(JVM);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return start(name, home, command, Map.of());
    }

    /** Waits until it is ready, as {@code ready} sees it. Blocks. */
    public void await(long seconds, Look ready) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!ready.isReady()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException("%s %s; the end of its log:%n%s"
                        .formatted(name, process.isAlive() ? "is not ready after " + seconds + " s" : "ended", tail()));
            }
            Thread.sleep(50); // between two looks; the deadline decides
        }
    }

    /** Whether a server is ready; asked again and again. */
    @FunctionalInterface
    public interface Look {
        boolean isReady() throws IOException, InterruptedException;
    }

    /** CPU seconds that it has taken so far, in steps of a hundredth. */
    public double cpuSeconds() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // The name, in parentheses, may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
        } catch (IOException gone) {
            throw new IllegalStateException(name + " ended; the end of its log:\n" + tail(), gone);
        }
    }

    private String tail() {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - TAIL));
        } catch (IOException unreadable) {
            return "(" + unreadable + ")";
        }
    }

    /** Ends it: what it knows ends with the benchmark, so nothing is lost by force. */
    @Override
    public void close() {
        end(process);
    }

    /** Ends whatever was started and still runs. */
    static void endAll() {
        RUNNING.forEach(ServerProcess::end);
    }

    private static void end(Process process) {
        process.destroyForcibly();
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
        RUNNING.remove(process);
    }
}
