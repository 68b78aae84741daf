package io.gatefleet.cli.fleet;

import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.NodeCommand;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.node.lease.RetryTimes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the processes of a fleet's nodes, each in a session of its own, so that Ctrl-C reaches {@code up} alone. */
final class NodeLauncher {
    private final FleetPlan plan;
    private final String registry;

    NodeLauncher(FleetPlan plan, String registry) {
        this.plan = plan;
        this.registry = registry;
    }

    Process start(InstanceId instance) throws IOException {
        Path log = LogFile.ofNode(plan.home(), instance);
        LogFile.prepare(log);
        return withArchive(NodeCommand.of(config(instance)))
                .builder()
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** With the launcher's archive of classes, if there is one: behind {@code setsid} and {@code java} come the flags. */
    private static NodeCommand withArchive(NodeCommand command) {
        String archive = System.getProperty("gatefleet.archive");
        if (archive == null) {
            return command;
        }
        List<String> argv = new ArrayList<>(command.argv());
        argv.addAll(2, List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr"));
        return new NodeCommand(argv, command.environment());
    }

    private NodeConfig config(InstanceId instance) {
        return new NodeConfig(
                plan.home(),
                plan.host(),
                instance,
                plan.slot(instance).gateway(),
                List.of(URI.create(registry)),
                null,
                Map.of(),
                RetryTimes.defaults(null),
                NodeConfig.Times.defaults());
    }
}
