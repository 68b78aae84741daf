package io.gatefleet.cli.fleet;

import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Starts the processes of a fleet's nodes, each in a session of its own, so that Ctrl-C reaches {@code up} alone. */
final class NodeLauncher {
    /** A log that is larger at a node's start makes room for a new one; one old log is kept. */
    private static final long LARGE_LOG = 10L << 20;

    private final FleetPlan plan;
    private final String registry;

    NodeLauncher(FleetPlan plan, String registry) {
        this.plan = plan;
        this.registry = registry;
    }

    static Path log(Path home, InstanceId instance) {
        return home.resolve("logs").resolve(instance + ".log");
    }

    Process start(InstanceId instance) throws IOException {
        Path log = log(plan.home(), instance);
        Files.createDirectories(log.getParent());
        if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
            Files.move(log, log.resolveSibling(instance + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.gatefleet.node.NodeMain"));
        command.addAll(List.of("--home", plan.home().toString()));
        command.addAll(List.of("--host", plan.host().value()));
        command.addAll(List.of("--instance", instance.value()));
        command.addAll(List.of("--flavor", plan.flavor().toString()));
        command.addAll(List.of("--layout", plan.shape().toString()));
        command.addAll(List.of("--profiles", String.join(",", plan.profiles())));
        command.addAll(List.of("--registry", registry));
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
