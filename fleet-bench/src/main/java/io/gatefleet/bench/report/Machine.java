package io.gatefleet.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What this machine is, as a reader of figures wants to know it. */
public final class Machine {
    private Machine() {}

    /** Its day, processor, kernel, Java and load. */
    public static List<String> lines() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return List.of(
                LocalDate.now(ZoneOffset.UTC).toString(),
                "%d cores (%s), shared by servers and generator"
                        .formatted(Runtime.getRuntime().availableProcessors(), model),
                "Linux %s, Java %s".formatted(System.getProperty("os.version"), System.getProperty("java.version")),
                "load before: " + load());
    }

    /** How many processes wanted a core in the last minute. */
    public static String load() throws IOException {
        String loads = Files.readString(Path.of("/proc/loadavg"));
        return loads.substring(0, loads.indexOf(' '));
    }
}
