package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet cordon}: lets a gateway run on, and never starts it again. */
@Command(
        name = "cordon",
        header = "Lets a gateway run on, and never starts it again.",
        description = {
            "",
            "A gateway that ends stays ended, and so it does when its node starts again;",
            "`restart` and `start` are refused. Nothing is stopped.",
            "",
            "Examples:",
            "  gatefleet cordon main --reason 'look at the next crash'",
        })
final class CordonCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Cordon(), false);
    }
}
