package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.CapacityText;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.Capacity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatefleet capacity}: how many more gateways a host takes. */
@Command(
        name = "capacity",
        header = "Says how many more gateways a host takes.",
        description = {
            "",
            "In whole gateways, by what is free in one piece; not by memory or processors.",
            "",
            "Examples:",
            "  gatefleet capacity",
            "  gatefleet capacity --layout dense --profiles 4",
        })
final class CapacityCommand implements Runnable {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Mixin
    private LayoutChoice layout = new LayoutChoice();

    @Parameters(paramLabel = "HOST", arity = "0..1", description = "Default: this machine.")
    private @Nullable HostId host;

    @Override
    public void run() {
        HostId asked = host == null ? fleet.localHost() : host;
        JsonNode answer = fleet.client().get(Service.ALLOCATOR, "/v1/hosts/" + asked + "/capacity?" + layout.asQuery());
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(CapacityText.of(FleetClient.as(answer, Capacity.class)));
        }
    }
}
