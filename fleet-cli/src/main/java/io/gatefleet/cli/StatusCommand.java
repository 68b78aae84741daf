package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.FleetWatch;
import io.gatefleet.cli.ask.LiveFleet;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.Ink;
import io.gatefleet.cli.text.StatusText;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.LabelSelector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            "  gatefleet status --watch                 whenever something changes, until Ctrl-C",
            "  gatefleet status --label 'team=a,zone in (north,west)'",
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

    @Option(names = "--watch", description = "Whenever something changes, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--label",
            paramLabel = "SELECTOR",
            description = "Only instances with such labels, and their problems: KEY, !KEY, KEY=VALUE, KEY!=VALUE,"
                    + " 'KEY in (A,B)', 'KEY notin (A,B)', several with commas between; more than once: all must hold.")
    private List<String> labels = List.of();

    @Override
    public Integer call() throws InterruptedException {
        // Complains before anybody is asked.
        LabelSelector.parse(labels);
        String query = labels.stream()
                .map(label -> "label=" + URLEncoder.encode(label, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        FleetClient client = fleet.client();
        if (!watch) {
            return look(client, query, "");
        }
        new FleetWatch(client, "/v1/fleet/watch" + (query.isEmpty() ? "" : "?" + query)).run(this::see);
        screen.complain("The health-aggregator is of a version that has no events; it is asked every second instead.");
        while (true) {
            look(client, query, lead());
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private int look(FleetClient client, String query, String lead) {
        JsonNode health = client.get(Service.HEALTH, "/v1/fleet/health");
        ArrayNode items = client.items(Service.HEALTH, "/v1/fleet/instances" + (query.isEmpty() ? "" : "?" + query));
        return show((ObjectNode) health, items, lead, StatusText::of);
    }

    private void see(LiveFleet live, boolean changed, String trouble) {
        // For a program, that something grew older is no news; nor for a file.
        if (!changed && (screen.wantsJson() || Screen.ink() == Ink.BLACK)) {
            return;
        }
        long now = System.nanoTime();
        show(live.health(now), live.instances(now), lead(), StatusText::live);
        if (!trouble.isEmpty()) {
            screen.complain(trouble);
        }
    }

    private static String lead() {
        return Screen.ink() == Ink.BLACK ? "\n" : CLEAR;
    }

    /** How a fleet is written for people. */
    private interface Text {
        List<String> of(FleetHealthView view, List<InstanceHealth> instances, Ink ink);
    }

    private int show(ObjectNode health, ArrayNode items, String lead, Text text) {
        List<InstanceHealth> instances = new ArrayList<>();
        items.forEach(item -> instances.add(FleetClient.as(item, InstanceHealth.class)));
        FleetHealthView view = theirs(FleetClient.as(health, FleetHealthView.class), instances);
        if (screen.wantsJson()) {
            // As the service says it, fields of a newer one included.
            screen.printJson(health.set("gateways", items));
        } else {
            List<String> lines = new ArrayList<>(text.of(view, instances, Screen.ink()));
            lines.set(0, lead + lines.get(0));
            screen.print(lines);
        }
        // A note is no problem: who scripts this wants to be woken for something.
        boolean well = view.problems().stream().allMatch(problem -> problem.severity() == Severity.INFO);
        return well ? Exit.OK : Exit.NO;
    }

    /** With the problems of those instances, where only some are asked for. */
    private FleetHealthView theirs(FleetHealthView all, List<InstanceHealth> instances) {
        if (labels.isEmpty()) {
            return all;
        }
        Set<InstanceKey> keys = instances.stream().map(InstanceHealth::key).collect(Collectors.toSet());
        return new FleetHealthView(
                all.sentence(),
                all.instances(),
                all.hosts(),
                all.counts(),
                all.problems().stream()
                        // Of very many who suffer the first hundred are named: then it may be theirs.
                        .filter(problem ->
                                problem.affectedCount() > problem.affected().size()
                                        || problem.affected().stream().anyMatch(keys::contains))
                        .toList(),
                all.selfPreservation(),
                all.observer());
    }
}
