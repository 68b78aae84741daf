package io.gatefleet.bench;

import io.gatefleet.bench.etcd.EtcdContenders;
import io.gatefleet.bench.gatefleet.GatefleetContenders;
import io.gatefleet.bench.load.Plan;
import io.gatefleet.bench.report.Report;
import io.gatefleet.bench.report.Text;
import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.zookeeper.ZooKeeperContenders;
import io.gatefleet.contract.bus.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures lease services that do the same work on this machine. */
@Command(
        name = "bin/bench-leases",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Gatefleet's leases against etcd's and ZooKeeper's: the same work, on this machine, in one run.",
            "",
            "Instances on 50 hosts, 20 on each, get a free range of 111 ports in their host's pool, renew it ten times and"
                    + " give it back: with 1, 16 and 64 callers, and with 64 callers on one host of 100 instances. Each service"
                    + " runs as 1 and as 3 servers on loopback, each of them a process; etcd and ZooKeeper with their default"
                    + " durability, and without fsync. That no two ranges overlapped is checked in all of them.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  bin/bench-leases                                         everything, half an hour",
            "  bin/bench-leases --quick                                 everything, to see that it runs",
            "  bin/bench-leases --only gatefleet-http-3,zookeeper-3     two parts, and their ratios",
            "  bin/bench-leases --json target/leases.json               the same for programs",
            "",
            "It needs a quiet machine, 4 GB of memory and, for etcd, Debian's etcd-server (--install gets it, as root).",
            "Exit codes: 0 all was measured; 1 a part failed, or two ranges overlapped; 2 bad usage."
        })
public final class BenchLeases implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--quick", description = "A minute and a half: shows that every part runs. Its figures are rough.")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "These parts alone; --list names all.")
    private List<String> only = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Start, warm up and measure everything so often (2).")
    private @Nullable Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything there, too.")
    private @Nullable Path json;

    @Option(names = "--list", description = "Name the parts, and end.")
    private boolean list;

    @Option(
            names = "--install",
            description = "Install Debian's etcd-server first, if there is no etcd on the PATH. Done by the script.")
    private boolean install;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchLeases()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Contender> all = Stream.of(
                        GatefleetContenders.of(Plan.MOST_CALLERS), EtcdContenders.all(), ZooKeeperContenders.all())
                .flatMap(List::stream)
                .toList();
        if (list) {
            all.forEach(contender -> System.out.println(contender.name()));
            return 0;
        }
        List<Contender> wanted = wanted(all);
        List<String> skipped = new ArrayList<>();
        if (!EtcdContenders.installed()) {
            wanted.stream()
                    .filter(contender -> contender.system().equals(EtcdContenders.SYSTEM))
                    .forEach(
                            contender -> skipped.add(
                                    contender.name()
                                            + (install
                                                    ? ": etcd-server could not be installed"
                                                    : ": there is no etcd on the PATH (expected: Debian's etcd-server; as root: --install)")));
            wanted = wanted.stream()
                    .filter(contender -> !contender.system().equals(EtcdContenders.SYSTEM))
                    .toList();
            skipped.forEach(what -> System.err.println("SKIPPED " + what));
        }
        Plan plan = plan();
        Report report = new Session(plan, wanted, System.err)
                .run(String.join(" ", spec.commandLine().getParseResult().originalArgs()), skipped);
        System.out.println(Text.of(report));
        if (json != null) {
            Files.write(json, Wire.STRICT.write(report).getBytes());
        }
        return report.isGood() ? 0 : 1;
    }

    private Plan plan() {
        Plan plan = quick ? Plan.quick() : Plan.full();
        if (rounds == null) {
            return plan;
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds: " + rounds + " (expected: 1 or more)");
        }
        return plan.withRounds(rounds);
    }

    private List<Contender> wanted(List<Contender> all) {
        List<String> names = all.stream().map(Contender::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "--only: " + name + " (expected: of " + String.join(", ", names) + ")");
            }
        }
        return all.stream()
                .filter(contender ->
                        only.isEmpty() ? !(quick && contender.reference()) : only.contains(contender.name()))
                .toList();
    }
}
