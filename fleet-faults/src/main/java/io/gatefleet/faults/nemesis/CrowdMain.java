package io.gatefleet.faults.nemesis;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.faults.GuardedNode;
import io.gatefleet.faults.GuardedNodes;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Guarded nodes that stay, and passers-by that come and go, in one process of a host's network namespace. SIGTERM drains
 * all.
 */
@Command(name = "crowd")
final class CrowdMain implements Callable<Integer> {
    @Option(names = "--home", required = true, description = "The directory of these nodes.")
    private Path home = Path.of(".");

    @Option(names = "--host", required = true, description = "The host that they are of.")
    private String host = "";

    @Option(names = "--name", required = true, description = "Begins the names of the instances.")
    private String name = "";

    @Option(names = "--nodes", required = true, description = "How many stay.")
    private int nodes;

    @Option(names = "--passers", required = true, description = "How many come and go.")
    private int passers;

    @Option(names = "--registry", required = true, split = ",", description = "Where they ask.")
    private List<URI> registries = List.of();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CrowdMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Ending ending = Ending.watched();
        HostId where = new HostId(host);
        try (GuardedNodes standing = GuardedNodes.start(home, where, name, nodes, registries);
                PassersBy passing =
                        PassersBy.start(passers, where, name, registries, home.resolve("passers/journal"))) {
            while (!ending.isTold(1_000)) {
                System.out.println(Words.text(new Words.Crowd(
                        ProcessHandle.current().pid(),
                        standing.standing(),
                        standing.all().stream()
                                .filter(GuardedNode::stands)
                                .flatMap(node -> node.lease().stream())
                                .map(lease -> lease.base())
                                .toList(),
                        standing.gatewayStops(),
                        passing.lives(),
                        passing.refusedGuards())));
            }
        } finally {
            ending.done();
        }
        return 0;
    }
}
