package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet start}: starts a gateway that was stopped or drained. */
@Command(
        name = "start",
        header = "Starts a gateway that was stopped or drained.",
        description = {
            "",
            "From then on it is kept running.",
            "",
            "Examples:",
            "  gatefleet start rescue --wait",
        })
final class StartCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Start(), false);
    }
}
