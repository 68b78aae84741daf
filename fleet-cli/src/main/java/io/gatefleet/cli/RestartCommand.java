package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet restart}: drains a gateway, ends it, and starts it again. */
@Command(
        name = "restart",
        header = "Drains a gateway, ends it, and starts it again.",
        description = {
            "",
            "It keeps its ports. What it is doing it may finish, for 325 s by default.",
            "",
            "Examples:",
            "  gatefleet restart main --wait --reason 'new plugin'",
            "  gatefleet restart --all --host build-7",
        })
final class RestartCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Restart(), false);
    }
}
