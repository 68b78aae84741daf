package io.gatefleet.cli;

import io.gatefleet.cli.ask.Service;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet unreserve}: gives reserved ports back to the pool. */
@Command(
        name = "unreserve",
        header = "Gives reserved ports back to the pool.",
        description = {"", "Example:", "  gatefleet unreserve grafana"})
final class UnreserveCommand implements Runnable {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Parameters(index = "0", paramLabel = "NAME", description = "As it was reserved.")
    private @Nullable InstanceId name;

    @Option(names = "--host", paramLabel = "HOST", description = "Default: this machine.")
    private @Nullable HostId host;

    @Override
    public void run() {
        HostId asked = host == null ? fleet.localHost() : host;
        fleet.client().delete(Service.ALLOCATOR, "/v1/hosts/" + asked + "/reservations/" + name);
        if (screen.wantsJson()) {
            screen.printJson(Map.of("host", asked, "name", String.valueOf(name), "reserved", false));
        } else {
            screen.print(List.of("The ports of %s on %s are in the pool again.".formatted(name, asked)));
        }
    }
}
