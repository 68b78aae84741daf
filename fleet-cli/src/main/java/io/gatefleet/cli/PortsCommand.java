package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.PortPicture;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.HostView;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.node.port.Kernel;
import java.util.List;
import java.util.Set;
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
            "A map of the pool, then what stands where: leases with their browsers' ports, rests, reservations,"
                    + " strangers, what is free, and how many more gateways fit in there.",
            "",
            "Strangers of this machine are those that its kernel shows now; of another host, those that a node saw when"
                    + " it last registered.",
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
        FleetClient client = fleet.client();
        ObjectNode answer = (ObjectNode) client.get(Service.ALLOCATOR, "/v1/hosts/" + asked + "/ports");
        PortMapView map = FleetClient.as(answer, PortMapView.class);
        HostFacts here = Kernel.facts(Set.of());
        if (stands(client, asked, here.portSpace())) {
            map = StrangersNow.in(map, here.listeners());
            JsonNode now = Wire.LENIENT.mapper().valueToTree(map);
            // Into the answer as the service said it, fields of a newer one included.
            List.of("foreign", "listeners", "free").forEach(field -> answer.set(field, now.get(field)));
        }
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(PortPicture.draw(map, Screen.ink()));
        }
    }

    /** Whether a host's ports are the ones that this process sees: by what its nodes said, not by its name. */
    private static boolean stands(FleetClient client, HostId asked, PortSpace here) {
        for (JsonNode item : client.items(Service.ALLOCATOR, "/v1/hosts")) {
            HostView host = FleetClient.as(item, HostView.class);
            if (host.host().equals(asked)) {
                return here.equals(host.portSpace());
            }
        }
        return false;
    }
}
