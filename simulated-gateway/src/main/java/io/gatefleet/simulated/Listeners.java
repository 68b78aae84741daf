package io.gatefleet.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What OmniClaw does to whoever listens on the port that it wants, if the command line contains its name: SIGTERM, half a
 * second, SIGKILL. Here only simulated gateways are ended so: the mark is their main class together with the name that
 * they gave themselves, which no other program carries.
 */
final class Listeners {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";

    private Listeners() {}

    /** @return how many were ended */
    static int endSimulated(int port, Manner family) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            Path file = PROC.resolve("net").resolve(table);
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(line -> collect(line, port, sockets));
            }
        }
        int ended = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (isSimulated(process, family) && holds(process, sockets)) {
                    ended += end(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return ended;
    }

    private static void collect(String line, int port, Set<String> sockets) {
        String[] columns = line.strip().split("\\s+", -1);
        boolean listens = columns.length > 9 && columns[3].equals(LISTENING);
        if (listens && columns[1].endsWith(":%04X".formatted(port))) {
            sockets.add("socket:[" + columns[9] + "]");
        }
    }

    private static boolean isSimulated(Path process, Manner family) {
        try {
            String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return Files.readString(process.resolve("comm")).strip().equals(ProcessName.SIMULATED)
                    && command.contains(SimulatedGateway.class.getName())
                    && command.toLowerCase(Locale.ROOT).contains(family.family())
                    && !process.getFileName()
                            .toString()
                            .equals(Long.toString(ProcessHandle.current().pid()));
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException goneOrOfAnotherUser) {
            return false;
        }
        return false;
    }

    private static int end(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return 0;
        }
        process.destroy();
        if (!over(process, 500)) {
            process.destroyForcibly();
            over(process, 2_000);
        }
        return 1;
    }

    private static boolean over(ProcessHandle process, long millis) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException still) {
            return !process.isAlive();
        }
    }
}
