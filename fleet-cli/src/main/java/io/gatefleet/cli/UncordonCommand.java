package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet uncordon}: takes a cordon back. */
@Command(
        name = "uncordon",
        header = "Takes a cordon back.",
        description = {
            "",
            "A gateway that is meant to run and does not is started.",
            "",
            "Examples:",
            "  gatefleet uncordon main",
        })
final class UncordonCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Uncordon(), false);
    }
}
