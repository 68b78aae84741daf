package io.gatefleet.bench;

import io.gatefleet.bench.gatefleet.GatefleetContenders;
import io.gatefleet.bench.load.Overlaps;
import io.gatefleet.bench.load.Run;
import io.gatefleet.bench.load.Scenario;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.bench.report.Results;
import io.gatefleet.bench.report.Text;
import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.server.Site;
import io.gatefleet.contract.bus.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures lease services doing the same work on this machine. */
@Command(
        name = "bench-leases",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Gatefleet's leases, measured: 20 instances on each of 50 hosts get ports, renew ten times, give back.")
public final class BenchLeases implements Callable<Integer> {
    private static final int MOST_CALLERS = 64;

    @Option(names = "--quick", description = "under 90 s: shows that every part runs; its figures are rough")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "these alone, for example gatefleet-bus-3,gatefleet-http-3; --list names all")
    private List<String> only = List.of();

    @Option(names = "--list", description = "names what can be measured, and ends")
    private boolean list;

    @Option(names = "--rounds", paramLabel = "N", description = "how often everything is started and measured anew")
    private @Nullable Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "writes every row there, too")
    private @Nullable Path json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchLeases()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Contender> contenders = GatefleetContenders.of(MOST_CALLERS);
        if (list) {
            contenders.forEach(contender -> System.out.println(contender.name()));
            return 0;
        }
        List<Contender> wanted = contenders.stream()
                .filter(contender -> only.isEmpty() || only.contains(contender.name()))
                .toList();
        Results results = new Results();
        long grants = 0;
        long overlapping = 0;
        List<String> failed = new ArrayList<>();
        int most = rounds != null ? rounds : quick ? 1 : 2;
        for (int round = 1; round <= most; round++) {
            for (Contender contender : wanted) {
                System.err.printf("round %d of %d: %s%n", round, most, contender.name());
                Overlaps overlaps = new Overlaps();
                try {
                    measure(contender, results, overlaps);
                } catch (Exception cause) {
                    failed.add(contender.name());
                    System.err.println(contender.name() + " failed: " + cause.getMessage());
                }
                grants += overlaps.grants();
                overlapping += overlaps.found();
            }
        }
        System.out.println(Text.table(results.rows()));
        System.out.printf("grants %d, overlapping %d%n", grants, overlapping);
        if (json != null) {
            Files.write(json, Wire.STRICT.write(results.rows()).getBytes());
        }
        return failed.isEmpty() && overlapping == 0 ? 0 : 1;
    }

    private void measure(Contender contender, Results results, Overlaps overlaps) throws Exception {
        Path home = Files.createTempDirectory("bench-leases-");
        try (Site site = contender.starter().start(home)) {
            for (Scenario scenario : scenarios()) {
                new Run(site.door(), scenario.lasting(quick ? 500 : 2_000), overlaps, site::cpuSeconds).measure();
            }
            for (int repeat = 0; repeat < (quick ? 1 : 2); repeat++) {
                for (Scenario scenario : scenarios()) {
                    results.add(
                            contender, scenario, new Run(site.door(), scenario, overlaps, site::cpuSeconds).measure());
                }
            }
        } finally {
            remove(home);
        }
    }

    private List<Scenario> scenarios() {
        List<Seat> fleet = Seat.of("spread", 50, 20);
        long millis = quick ? 500 : 3_000;
        return List.of(
                new Scenario("50 hosts", 1, fleet, millis),
                new Scenario("50 hosts", 16, fleet, millis),
                new Scenario("50 hosts", 64, fleet, millis),
                new Scenario("one host", 64, Seat.of("one", 1, 100), millis));
    }

    private static void remove(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
