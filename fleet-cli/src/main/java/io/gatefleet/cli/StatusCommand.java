package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.Ink;
import io.gatefleet.cli.text.StatusText;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.InstanceHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatefleet status}: how the fleet is, and what to do first. */
@Command(
        name = "status",
        header = "Says how the fleet is, and what to do first.",
        description = {
            "",
            "One sentence, a row per instance with verdict and reason, then the problems: one per cause, the most"
                    + " urgent first, each with what to do.",
            "",
            "Examples:",
            "  gatefleet status",
            "  gatefleet status --watch                 again every second, until Ctrl-C",
            "  gatefleet status --json | jq .problems",
            "  gatefleet status || page-somebody        1: problems, 2: nobody answers",
        })
final class StatusCommand implements Callable<Integer> {
    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final long PAUSE_MILLIS = 1_000;

    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Option(names = "--watch", description = "Again every second, until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        FleetClient client = fleet.client();
        int exitCode = look(client, "");
        while (watch) {
            Thread.sleep(PAUSE_MILLIS);
            exitCode = look(client, Screen.ink() == Ink.BLACK ? "\n" : CLEAR);
        }
        return exitCode;
    }

    private int look(FleetClient client, String lead) {
        JsonNode health = client.get(Service.HEALTH, "/v1/fleet/health");
        ArrayNode items = client.items(Service.HEALTH, "/v1/fleet/instances");
        FleetHealthView view = FleetClient.as(health, FleetHealthView.class);
        if (screen.wantsJson()) {
            // As the service says it, fields of a newer one included.
            screen.printJson(((ObjectNode) health).set("gateways", items));
        } else {
            List<InstanceHealth> instances = new ArrayList<>();
            items.forEach(item -> instances.add(FleetClient.as(item, InstanceHealth.class)));
            List<String> lines = new ArrayList<>(StatusText.of(view, instances, Screen.ink()));
            lines.set(0, lead + lines.get(0));
            screen.print(lines);
        }
        // A note is no problem: who scripts this wants to be woken for something.
        boolean well = view.problems().stream().allMatch(problem -> problem.severity() == Severity.INFO);
        return well ? Exit.OK : Exit.NO;
    }
}
