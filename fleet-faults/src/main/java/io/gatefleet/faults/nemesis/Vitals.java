package io.gatefleet.faults.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What each member takes: resident memory, threads, and heap after a collection; samples, and how they grew. */
final class Vitals {
    /** A JVM fills its caches and compiles in its first minute. */
    private static final double WARM_MINUTES = 1;

    private static final Pattern USED = Pattern.compile("(?:new|tenured) generation +total \\d+K, used (\\d+)K");

    private final long began = System.nanoTime();
    private final Map<String, Member> members = new TreeMap<>();

    private final Path commands;

    /** @param directory for a small file that the JDK's tool reads */
    Vitals(Path directory) throws IOException {
        commands = Files.writeString(directory.resolve("jcmd"), "GC.run\nGC.heap_info\n");
    }

    private static final class Member {
        final Slope resident = new Slope();
        final Slope threads = new Slope();
        final Slope heap = new Slope();
        long pid;
        long since;
    }

    /**
     * How much a member took, at most and more with each minute.
     *
     * @param residentMiB at most
     * @param residentSlope MiB a minute
     * @param threads at most
     * @param threadsSlope a minute
     * @param heapMiB after a collection, at most
     * @param heapSlope MiB a minute
     * @param minutes of warm lives that were looked at
     */
    record Taken(
            double residentMiB,
            double residentSlope,
            double threads,
            double threadsSlope,
            double heapMiB,
            double heapSlope,
            double minutes) {}

    /** Reads what the kernel says of it. A process that is gone says nothing. */
    synchronized void sample(String name, long pid) {
        Member member = life(name, pid);
        double minutes = minutes(member);
        if (minutes < 0) {
            return;
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            lines.forEach(line -> {
                if (line.startsWith("VmRSS:")) {
                    member.resident.add(pid + "", minutes, number(line) / 1024);
                } else if (line.startsWith("Threads:")) {
                    member.threads.add(pid + "", minutes, number(line));
                }
            });
        } catch (IOException | UncheckedIOException gone) {
            // It was killed; its next life is looked at.
        }
    }

    /** Collects its garbage and asks what is left; a process that is frozen must not be asked. Blocks. */
    void sampleHeap(String name, long pid) throws InterruptedException {
        Member member;
        synchronized (this) {
            member = life(name, pid);
            if (minutes(member) < 0) {
                return;
            }
        }
        try {
            String jcmd = Tool.ofTheJdk("jcmd");
            String said = Tool.run(
                    jcmd,
                    "-J-XX:-UsePerfData",
                    "-J-XX:TieredStopAtLevel=1",
                    String.valueOf(pid),
                    "-f",
                    commands.toString());
            double used = 0;
            Matcher part = USED.matcher(said);
            while (part.find()) {
                used += Long.parseLong(part.group(1)) / 1024.0;
            }
            synchronized (this) {
                member.heap.add(pid + "", minutes(member), used);
            }
        } catch (IOException gone) {
            // As above.
        }
    }

    private Member life(String name, long pid) {
        Member member = members.computeIfAbsent(name, first -> new Member());
        if (member.pid != pid) {
            member.pid = pid;
            member.since = System.nanoTime();
        }
        return member;
    }

    /** Since this run began; negative while the life is too young. */
    private double minutes(Member member) {
        double age = (System.nanoTime() - member.since) / 60e9;
        return age < WARM_MINUTES ? -1 : (System.nanoTime() - began) / 60e9;
    }

    private static double number(String line) {
        return Double.parseDouble(line.replaceAll("\\D", ""));
    }

    /** By member. */
    synchronized Map<String, Taken> taken() {
        Map<String, Taken> taken = new TreeMap<>();
        members.forEach((name, member) -> taken.put(
                name,
                new Taken(
                        member.resident.largest(),
                        member.resident.perMinute(),
                        member.threads.largest(),
                        member.threads.perMinute(),
                        member.heap.largest(),
                        member.heap.perMinute(),
                        member.resident.minutes())));
        return taken;
    }
}
