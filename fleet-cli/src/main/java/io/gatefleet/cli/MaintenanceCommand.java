package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet maintenance}: says that an instance is expected to be down. */
@Command(
        name = "maintenance",
        header = "Says that an instance is expected to be down.",
        description = {
            "",
            "While it is on, nothing that is wrong with the instance is a problem of the",
            "fleet's, and its verdict is `maintenance`. Nothing is stopped or started.",
            "",
            "Examples:",
            "  gatefleet maintenance on main --reason 'new disk'",
            "  gatefleet maintenance off --all --host build-7",
        })
final class MaintenanceCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "on|off", description = "Whether it begins or ends.")
    private Switch on = Switch.ON;

    @Parameters(index = "1", paramLabel = "INSTANCE", arity = "0..1", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(names = "--all", description = "All instances of the host.")
    private boolean all;

    /** Whether it begins or ends. */
    enum Switch {
        ON,
        OFF
    }

    @Override
    public Integer call() {
        return asked.ask(WhichOne.of(instance, all), new Order.Maintenance(on == Switch.ON), false);
    }
}
