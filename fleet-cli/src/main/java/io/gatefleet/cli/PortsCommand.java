package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.PortPicture;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.PortMapView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatefleet ports}: a host's port space, drawn. */
@Command(
        name = "ports",
        header = "Draws a host's port space.",
        description = {
            "",
            "A map of the pool, then what stands where: leases, rests, reservations, strangers, what is free, and how"
                    + " many more gateways fit in there.",
            "",
            "Examples:",
            "  gatefleet ports",
            "  gatefleet ports build-7 --json | jq -r .free",
        })
final class PortsCommand implements Runnable {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Parameters(paramLabel = "HOST", arity = "0..1", description = "Default: this machine.")
    private @Nullable HostId host;

    @Override
    public void run() {
        HostId asked = host == null ? fleet.localHost() : host;
        JsonNode answer = fleet.client().get(Service.ALLOCATOR, "/v1/hosts/" + asked + "/ports");
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(PortPicture.draw(FleetClient.as(answer, PortMapView.class), Screen.ink()));
        }
    }
}
