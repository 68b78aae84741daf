package io.gatefleet.node.port;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process of its own that does to ports what a test tells it: one line in, one line out. It ends when it is closed, and
 * when the test's own process is gone.
 */
public final class OtherProcess implements AutoCloseable {
    private static final long ANSWER_SECONDS = 30;

    private final Process process;
    private final PrintWriter in;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private OtherProcess(Process process) {
        this.process = process;
        in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                        // The JVM says where it took options from.
                        out.lines().filter(line -> !line.startsWith("NOTE: ")).forEach(answers::add);
                    } catch (IOException | RuntimeException closed) {
                        answers.add("gone: " + closed);
                    }
                },
                "other-process-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** @param prefix a command that ends by executing its arguments, for example {@code setsid}; may be empty */
    public static OtherProcess start(String... prefix) throws Exception {
        return startOn(System.getProperty("java.class.path"), prefix);
    }

    static OtherProcess startOn(String classPath, String... prefix) throws Exception {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(java(classPath));
        OtherProcess started = new OtherProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        String hello = started.answer();
        if (!hello.equals("ready")) {
            started.close();
            throw new IllegalStateException("the other process said: " + hello);
        }
        return started;
    }

    private static List<String> java(String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                OtherProcess.class.getName());
    }

    /** Tells it to do something, and waits for its answer. */
    public String tell(String... words) throws InterruptedException {
        say(words);
        return answer();
    }

    void say(String... words) {
        in.println(String.join(" ", words));
    }

    String answer() throws InterruptedException {
        String answer = answers.poll(ANSWER_SECONDS, SECONDS);
        if (answer == null) {
            throw new IllegalStateException("no answer from the other process within " + ANSWER_SECONDS + " s");
        }
        return answer;
    }

    public int pid() {
        return Math.toIntExact(process.pid());
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    // What follows runs in the other process.

    private static final List<AutoCloseable> OPEN = new ArrayList<>();

    /** @param order what to do at once; then it listens to nobody and ends after a minute, whoever started it */
    public static void main(String[] order) throws Exception {
        if (order.length > 0) {
            answer(obey(order));
            Thread.sleep(60_000);
            return;
        }
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer("ready");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                try {
                    answer(obey(line.split(" ", 0)));
                } catch (Exception failure) {
                    answer("failed: " + failure);
                }
            }
        }
        System.exit(0);
    }

    private static void answer(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static String obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "guard" -> guard(PortSet.parse(words[1]));
            case "probe" -> "busy " + shown(PortProbe.busy(PortSet.parse(words[1]), PortSet.EMPTY));
            case "listen" -> listen(InetAddress.getByName(words[1]), Integer.parseInt(words[2]));
            case "name" -> name(words[1]);
            case "run" -> run(Stream.of(words).skip(1).toList());
            case "fork" ->
                run(Stream.concat(
                                java(System.getProperty("java.class.path")).stream(),
                                Stream.of(words).skip(1))
                        .toList());
            case "space" -> Kernel.facts(Set.of()).portSpace().toString();
            case "release" -> release();
            default -> "unknown command";
        };
    }

    private static String guard(PortSet ports) {
        Guarding guarding = PortGuard.take(ports);
        if (guarding instanceof Guarding.Held held) {
            OPEN.add(held.guard());
            return "held";
        }
        return guarding instanceof Guarding.Busy busy
                ? "busy " + shown(busy.ports())
                : "unavailable: " + ((Guarding.Unavailable) guarding).why();
    }

    private static String listen(InetAddress address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        OPEN.add(socket);
        socket.bind(new InetSocketAddress(address, port));
        return "listening " + socket.getLocalPort();
    }

    /** As gateways do: what the kernel shows as the process' name is its own choice. */
    private static String name(String name) throws IOException {
        Files.writeString(Path.of("/proc/self/comm"), name);
        return "named";
    }

    private static String run(List<String> command) throws IOException {
        Process child = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Long.toString(child.pid());
    }

    private static String release() throws Exception {
        for (AutoCloseable open : OPEN) {
            open.close();
        }
        OPEN.clear();
        return "released";
    }

    private static String shown(List<BusyPort> ports) {
        return ports.stream()
                .map(busy -> busy.port() + ":" + busy.pid() + ":" + busy.command())
                .collect(Collectors.joining(" "));
    }
}
