package io.gatefleet.cli;

import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.InstanceId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet logs}: shows the end of what a gateway printed. */
@Command(
        name = "logs",
        header = "Shows the end of what a gateway printed.",
        description = {
            "",
            "Without its token, passed keys and whatever else looks like a secret. Comes from",
            "its node, wherever that is; the fleet keeps none of it.",
            "",
            "Examples:",
            "  gatefleet logs main",
            "  gatefleet logs main --lines 500 --host build-7",
        })
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Which one.")
    private @Nullable InstanceId instance;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "1 to 500. Default: 100.")
    private int lines;

    @Override
    public Integer call() {
        return asked.ask(instance, new Order.LogTail(lines), true);
    }
}
