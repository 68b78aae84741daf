package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet stop}: ends a gateway within 10 s, and leaves it stopped. */
@Command(
        name = "stop",
        header = "Ends a gateway within 10 s, and leaves it stopped.",
        description = {
            "",
            "Its node keeps lease and guard: nobody gets its ports. It stays stopped until",
            "`start`, also when its node or its host starts again. Hurries a drain.",
            "",
            "Examples:",
            "  gatefleet stop rescue",
        })
final class StopCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Stop(), false);
    }
}
