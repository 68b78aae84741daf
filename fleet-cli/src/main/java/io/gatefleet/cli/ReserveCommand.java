package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Reserve;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatefleet reserve}: keeps ports out of the pool. */
@Command(
        name = "reserve",
        header = "Keeps ports of a host out of the pool.",
        description = {
            "",
            "Leases that stand there already stay until they end. The same name again replaces what it kept out.",
            "",
            "Examples:",
            "  gatefleet reserve grafana 19000 --reason 'dashboards of the office'",
            "  gatefleet reserve lab 20000-20999,21500 --host build-7",
        })
final class ReserveCommand implements Runnable {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Parameters(index = "0", paramLabel = "NAME", description = "1 to 40 of a-z, 0-9 and -.")
    private @Nullable InstanceId name;

    @Parameters(index = "1", paramLabel = "PORTS", description = "Ports and ranges: 19000 or 20000-20999,21500.")
    private PortSet ports = PortSet.EMPTY;

    @Option(names = "--host", paramLabel = "HOST", description = "Default: this machine.")
    private @Nullable HostId host;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people; 200 characters.")
    private String reason = "";

    @Override
    public void run() {
        HostId asked = host == null ? fleet.localHost() : host;
        JsonNode answer = fleet.client()
                .put(Service.ALLOCATOR, "/v1/hosts/" + asked + "/reservations/" + name, new Reserve(ports, reason));
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(List.of("Reserved %s on %s as %s. To give it back: ./gatefleet unreserve %s --host %s"
                    .formatted(ports, asked, name, name, asked)));
        }
    }
}
