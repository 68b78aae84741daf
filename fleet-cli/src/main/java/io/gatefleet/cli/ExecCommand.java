package io.gatefleet.cli;

import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.Signals;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatefleet exec}: a gateway's own command line, aimed at one instance. */
@Command(
        name = "exec",
        header = "Runs a gateway's own command line, aimed at one instance.",
        description = {
            "",
            "In the environment that the instance's gateway has: its configuration, state, home and port. Works whether"
                    + " the gateway runs or not. The exit code is the command's own.",
            "",
            "Examples:",
            "  gatefleet exec main -- --version",
            "  gatefleet exec main -- onboard",
            "  gatefleet exec rescue -- browser status",
            "  gatefleet exec rescue -- channels login",
        })
final class ExecCommand implements Callable<Integer> {
    @Mixin
    private InstanceChoice choice = new InstanceChoice();

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Whose gateway, for example main.")
    private @Nullable InstanceId instance;

    @Parameters(
            index = "1..*",
            paramLabel = "-- ARGS",
            hideParamSyntax = true,
            description = "What the gateway's command line gets.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProcessBuilder builder =
                choice.cli(Objects.requireNonNull(instance)).exec(arguments).builder();
        // The terminal sends Ctrl-C to both; what it means is for the gateway's command to say.
        Signals.on("INT", () -> {});
        return builder.inheritIO().start().waitFor();
    }
}
