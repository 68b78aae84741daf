package io.gatefleet.bench;

import io.gatefleet.bench.fleet.Figures;
import io.gatefleet.bench.fleet.FleetBenchmark;
import io.gatefleet.bench.fleet.FleetText;
import io.gatefleet.bench.report.Machine;
import io.gatefleet.contract.bus.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what a large fleet costs its control plane, and how soon operators know. */
@Command(
        name = "bin/bench-fleet",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "A fleet of simulated nodes, each over an HTTP connection of its own on loopback, against three processes"
                    + " of each service in one cluster. All nodes register at once; then they beat. Measured: the storm,"
                    + " heartbeats answered, processor time and heap of the services, how long an operator's question"
                    + " takes, and how soon watchers are told of a gateway that died and of a node that fell silent.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  bin/bench-fleet                          1,000 nodes, then 10,000: ten minutes",
            "  bin/bench-fleet --nodes 10000 --tier 4   10,000 alone, for the least processor time in the end",
            "  bin/bench-fleet --nodes 200 --quick      shows that every part runs; its figures are rough",
            "",
            "It needs a quiet machine, 6 GB of memory and a file descriptor for each node and some (ulimit -n).",
            "Exit codes: 0 all was measured; 1 a part failed; 2 bad usage."
        })
public final class BenchFleet implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "N",
            defaultValue = "1000,10000",
            description = "Sizes of the fleet, one after the other (${DEFAULT-VALUE}); 20 nodes share a host.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "3",
            description = "Processes of each service (${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--heap",
            paramLabel = "MB",
            defaultValue = "256",
            description = "The most heap of each process (${DEFAULT-VALUE}).")
    private int heap;

    @Option(
            names = "--tier",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How far the services' code is compiled: 1 quickly, as in the image; 4 well, which takes minutes (${DEFAULT-VALUE}).")
    private int tier;

    @Option(
            names = "--beat",
            paramLabel = "DURATION",
            defaultValue = "PT5S",
            description = "Between two heartbeats of a node (${DEFAULT-VALUE}).")
    private Duration beat = Duration.ZERO;

    @Option(
            names = "--watchers",
            paramLabel = "N",
            defaultValue = "200",
            description = "Clients who watch the whole fleet (${DEFAULT-VALUE}).")
    private int watchers;

    @Option(
            names = "--warmup",
            paramLabel = "DURATION",
            defaultValue = "PT1M",
            description =
                    "Before the steady state is measured; code is compiled then, for many minutes (${DEFAULT-VALUE}).")
    private Duration warmup = Duration.ZERO;

    @Option(names = "--quick", description = "Seconds instead of minutes; its figures are rough.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything there, too.")
    private @Nullable Path json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchFleet()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        sizes.forEach(size -> check("--nodes", size, 100, 100_000));
        check("--members", members, 1, 9);
        check("--heap", heap, 64, 4_096);
        check("--tier", tier, 1, 4);
        check("--watchers", watchers, 1, 1_000);
        check("--beat", (int) beat.toMillis(), 100, 600_000);
        check("--warmup", (int) warmup.toSeconds(), 1, 3_600);
        List<String> machine = Machine.lines();
        machine.forEach(System.out::println);
        FleetBenchmark benchmark = new FleetBenchmark(
                members,
                List.of("-Xmx" + heap + "m", "-XX:TieredStopAtLevel=" + tier),
                beat,
                warmup,
                watchers,
                quick,
                System.err);
        List<Figures> all = new ArrayList<>();
        for (int size : sizes) {
            all.add(benchmark.measure(size));
            // After each: what was measured is not lost with what comes.
            System.out.println(FleetText.of(all));
            if (json != null) {
                Files.write(
                        json,
                        Wire.STRICT
                                .write(Map.of("machine", machine, "figures", all))
                                .getBytes());
            }
        }
        return 0;
    }

    private void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s: %d (expected: %d to %d)".formatted(name, value, least, most));
        }
    }
}
