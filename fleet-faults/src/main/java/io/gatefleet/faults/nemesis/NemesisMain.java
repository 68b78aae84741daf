package io.gatefleet.faults.nemesis;

import com.fasterxml.jackson.databind.SerializationFeature;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.faults.nemesis.Fault.Kind;
import io.gatefleet.history.check.HistoryCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Breaks a fleet for some minutes and proves what held. Runs in a network namespace of its own, which {@code bin/nemesis}
 * makes. Exit codes: 0 everything held, 1 something did not, 2 it could not be tried.
 */
@Command(name = "nemesis", showDefaultValues = true)
final class NemesisMain implements Callable<Integer> {
    private static final int COULD_NOT = 2;
    private static final int ALLOCATORS = 3;
    private static final int REGISTRIES = 2;
    private static final int HOSTS = 4;
    private static final Duration TERM = Duration.ofSeconds(12);

    @Option(names = "--minutes", defaultValue = "3", description = "How long.")
    private double minutes;

    @Option(names = "--seed", defaultValue = "1", description = "Of the faults: a number, or random.")
    private String seed = "1";

    @Option(names = "--only", split = ",", description = "Faults of these kinds alone: ${COMPLETION-CANDIDATES}.")
    private List<Kind> only = List.of();

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Grants a second that callers without guards ask for.")
    private int rate;

    @Option(names = "--callers", defaultValue = "96", description = "Questions of theirs that may be open at a time.")
    private int callers;

    @Option(names = "--nodes", defaultValue = "10", description = "Guarded nodes in each of five crowds.")
    private int nodes;

    @Option(names = "--passers", defaultValue = "2", description = "Guarded instances in each crowd that come and go.")
    private int passers;

    @Option(names = "--gateways", defaultValue = "4", description = "Gateway-nodes with simulated gateways.")
    private int gateways;

    @Option(
            names = "--patience",
            defaultValue = "4",
            description = "Minutes after which a healed fleet must stand; on an idle machine it takes seconds.")
    private int patience;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result there, too.")
    private @Nullable Path json;

    @Option(
            names = "--dir",
            required = true,
            description = "A directory that is not there yet: gets journals and logs.")
    private Path directory = Path.of("nemesis");

    @Option(names = "--keep", description = "Leaves journals and logs also when everything held.")
    private boolean keep;

    @Option(names = "--tag", required = true, description = "Begins the names of namespaces and links.")
    private String tag = "gf";

    @Option(names = "--show", description = "Prints the faults of this seed, so many, and does nothing.")
    private int show;

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new NemesisMain());
        line.setExecutionExceptionHandler((trouble, command, parsed) -> {
            trouble.printStackTrace();
            return COULD_NOT;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        long number = seed.equals("random") ? new Random().nextInt(1_000_000) : Long.parseLong(seed);
        Cast cast = Cast.of(ALLOCATORS, REGISTRIES, HOSTS, gateways);
        FaultSchedule schedule = new FaultSchedule(
                cast, TERM.toMillis(), only.isEmpty() ? EnumSet.allOf(Kind.class) : EnumSet.copyOf(only), number);
        if (show > 0) {
            Stream.generate(schedule::next).limit(show).forEach(System.out::println);
            return 0;
        }
        System.out.printf("nemesis: seed %d, %.1f minutes; journals and logs in %s%n", number, minutes, directory);
        Files.createDirectories(directory);
        Report report = run(cast, schedule, number);
        report.text().forEach(System.out::println);
        Path file = json;
        if (file != null) {
            Files.writeString(
                    file,
                    Wire.LENIENT
                                    .mapper()
                                    .writer(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(report)
                            + "\n");
        }
        if (keep || !report.held()) {
            System.out.printf("nemesis: seed %d; journals and logs are in %s%n", number, directory);
        } else {
            remove(directory);
        }
        return report.held() ? 0 : 1;
    }

    private Report run(Cast cast, FaultSchedule schedule, long number) throws IOException, InterruptedException {
        Vitals vitals = new Vitals(directory);
        Fleet.Size size = new Fleet.Size(nodes, passers, TERM, rate, callers);
        try (Fleet fleet = new Fleet(cast, size, directory, tag)) {
            Thread onSignal = new Thread(fleet::close);
            Runtime.getRuntime().addShutdownHook(onSignal);
            Nemesis nemesis = new Nemesis(fleet, schedule, vitals, Duration.ofMinutes(patience), System.out);
            List<String> troubles = new ArrayList<>();
            nemesis.raise();
            Busy busy = Busy.now();
            long began = System.nanoTime();
            List<Outcome> outcomes = nemesis.rage(Duration.ofMillis((long) (minutes * 60_000)));
            double took = (System.nanoTime() - began) / 60e9;
            double cores = busy.since();
            troubles.addAll(fleet.troubles());
            System.out.println("nemesis: everybody is told to end; then the journals are read");
            troubles.addAll(fleet.drain());
            HistoryCheck check = new HistoryCheck();
            for (Path home : fleet.homes()) {
                for (Path journal : HistoryCheck.journals(home)) {
                    check.read(journal);
                }
            }
            Report report = Report.of(
                    number, took, cores, fleet, outcomes, check.verdict(), check.before(), vitals.taken(), troubles);
            Runtime.getRuntime().removeShutdownHook(onSignal);
            return report;
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
