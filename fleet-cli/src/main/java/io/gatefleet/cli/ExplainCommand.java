package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.ExplanationText;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.PortExplanation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatefleet explain}: who has a port, and why. */
@Command(
        name = "explain",
        header = "Says who has a port, and why.",
        description = {
            "",
            "A lease and its holder, a rest with its reason and end, a reservation, a stranger with pid and name, or"
                    + " nobody. HOST is this machine where it is left out.",
            "",
            "Examples:",
            "  gatefleet explain 18805",
            "  gatefleet explain build-7 18805",
            "  gatefleet explain 18805 --json | jq -r .use",
        })
final class ExplainCommand implements Runnable {
    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Spec
    private @Nullable CommandSpec command;

    @Parameters(
            paramLabel = "[HOST] PORT",
            arity = "1..2",
            hideParamSyntax = true,
            description = "A port, 1 to 65535, of a host.")
    private List<String> words = List.of();

    @Override
    public void run() {
        HostId host;
        Port port;
        try {
            if (words.size() > 2) {
                throw new BadInput("parameters", String.join(" ", words), "[HOST] PORT");
            }
            port = Port.parse(words.get(words.size() - 1));
            host = words.size() == 1 ? fleet.localHost() : new HostId(words.get(0));
        } catch (BadInput bad) {
            if (command == null) {
                throw bad;
            }
            throw new ParameterException(command.commandLine(), bad.getMessage(), bad);
        }
        JsonNode answer = fleet.client().get(Service.ALLOCATOR, "/v1/hosts/" + host + "/ports/" + port.number());
        if (screen.wantsJson()) {
            screen.printJson(answer);
        } else {
            screen.print(ExplanationText.of(FleetClient.as(answer, PortExplanation.class)));
        }
    }
}
