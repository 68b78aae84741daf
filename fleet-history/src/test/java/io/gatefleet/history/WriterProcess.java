package io.gatefleet.history;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that writes a journal and is killed. */
final class WriterProcess implements AutoCloseable {
    private final Process process;

    private WriterProcess(Process process) {
        this.process = process;
    }

    /** Done when it has the file. */
    static WriterProcess start(Path journal) throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WriterProcess.class.getName(),
                        journal.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        WriterProcess writer = new WriterProcess(process);
        if (process.inputReader(StandardCharsets.UTF_8).readLine() == null) {
            throw new IllegalStateException(
                    "ended with " + process.onExit().join().exitValue());
        }
        return writer;
    }

    long pid() {
        return process.pid();
    }

    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** Writes so many lines as it is told. */
    public static void main(String[] args) throws IOException {
        InstanceKey main = new InstanceKey(new HostId("mill"), new InstanceId("main"));
        try (Journal journal = Journal.open(Path.of(args[0]), "a process", "1.0", new Keeping(64 << 10, 3, true));
                BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("writes");
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                int lines = Integer.parseInt(line.replace("write ", ""));
                for (int i = 0; i < lines; i++) {
                    journal.write(new Event.Refused(main, "pool-exhausted"));
                }
            }
        }
    }
}
