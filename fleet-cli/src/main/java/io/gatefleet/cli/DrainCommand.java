package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet drain}: lets a gateway finish its work, and leaves it stopped. */
@Command(
        name = "drain",
        header = "Lets a gateway finish its work, and leaves it stopped.",
        description = {
            "",
            "Its node keeps lease and guard. It stays stopped until `start`, also when its",
            "node or its host starts again.",
            "",
            "Examples:",
            "  gatefleet drain main --wait --reason 'moving the office'",
        })
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Drain(), false);
    }
}
