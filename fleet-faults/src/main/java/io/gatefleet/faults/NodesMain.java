package io.gatefleet.faults;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.node.Signals;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Guarded nodes in a process of their own, to be frozen and killed with it. SIGTERM drains all. */
@Command(name = "guarded-nodes")
public final class NodesMain implements Callable<Integer> {
    static final String BEGAN = " guarded nodes began";

    @Option(names = "--home", required = true, description = "The fleet's directory.")
    private Path home = Path.of(".");

    @Option(names = "--host", required = true, description = "The host that they are of.")
    private String host = "";

    @Option(names = "--name", required = true, description = "Begins the names of the instances.")
    private String name = "";

    @Option(names = "--count", required = true, description = "How many.")
    private int count;

    @Option(names = "--registry", required = true, split = ",", description = "Where they ask.")
    private List<URI> registries = List.of();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new NodesMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Signals.on("TERM", told::countDown);
        try (GuardedNodes nodes = GuardedNodes.start(home, new HostId(host), name, count, registries)) {
            System.out.println(nodes.all().size() + BEGAN);
            told.await();
            return 0;
        }
    }
}
