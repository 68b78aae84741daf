package io.gatefleet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command to nodes as it is asked on the command line: of whom, why, and how long to wait for what comes of it. */
final class Asked {
    /** What most commands take; who does not wait sees it all the same where it is that fast. */
    private static final Duration GLANCE = Duration.ofSeconds(2);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(20);
    private static final int WAIT_SECONDS = 8;

    @Mixin
    private Whereabouts fleet = new Whereabouts();

    @Mixin
    private Screen screen = new Screen();

    @Option(names = "--host", paramLabel = "HOST", description = "Default: this machine.")
    private @Nullable HostId host;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For people and the audit log; 200 characters.")
    private @Nullable String reason;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks. Default: you, on this machine. A token's name stands above it.")
    private @Nullable String by;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "A node begins within that long, or not at all. Default: 30.")
    private int deadline;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The same id is the same command: to ask again without doing it twice.")
    private @Nullable String id;

    @Option(names = "--wait", description = "Until it is done, or is known not to be.")
    private boolean wait;

    /**
     * Asks, and says what came of it.
     *
     * @param instance null: all of the host
     * @param patient wait in any case
     */
    int ask(@Nullable InstanceId instance, Order order, boolean patient) {
        HostId asked = host == null ? fleet.localHost() : host;
        CommandId name = id == null ? CommandId.random() : new CommandId(id);
        String who = by == null ? System.getProperty("user.name", "somebody") + "@" + LocalHost.id() : by;
        WantedCommand wanted = new WantedCommand(order, who, reason, deadline * 1_000L);
        FleetClient client = fleet.client();
        List<CommandView> views = new ArrayList<>();
        if (instance == null) {
            JsonNode answer = client.post(Service.REGISTRY, "/v1/hosts/" + asked + "/commands", wanted, name.value());
            answer.path("items").forEach(item -> views.add(FleetClient.as(item, CommandView.class)));
        } else {
            String path = "/v1/instances/" + asked + "/" + instance + "/commands";
            views.add(FleetClient.as(client.post(Service.REGISTRY, path, wanted, name.value()), CommandView.class));
        }
        long end = System.nanoTime() + (wait || patient ? LONGEST_WAIT : GLANCE).toNanos();
        views.replaceAll(view -> until(client, view, end));
        tell(order, views);
        return views.stream().allMatch(Asked::isWell) ? Exit.OK : Exit.NO;
    }

    private static CommandView until(FleetClient client, CommandView first, long end) {
        CommandView view = first;
        long left = end - System.nanoTime();
        while (view.state() != State.ENDED && left > 0) {
            long seconds =
                    Math.max(1, Math.min(WAIT_SECONDS, Duration.ofNanos(left).toSeconds()));
            view = FleetClient.as(
                    client.get(
                            Service.REGISTRY,
                            "/v1/instances/%s/commands/%s?wait=%d"
                                    .formatted(
                                            view.command().instance(),
                                            view.command().id(),
                                            seconds)),
                    CommandView.class);
            left = end - System.nanoTime();
        }
        return view;
    }

    private static boolean isWell(CommandView view) {
        return view.result() == null || view.result() instanceof CommandResult.Done;
    }

    private void tell(Order order, List<CommandView> views) {
        if (screen.wantsJson()) {
            screen.printJson(Map.of("items", views));
            return;
        }
        List<String> lines = new ArrayList<>();
        for (CommandView view : views) {
            if (view.result() instanceof CommandResult.Done done && done.log() != null) {
                lines.addAll(done.log());
            } else {
                lines.add(line(order, view));
            }
            String next = next(view);
            if (!next.isEmpty()) {
                lines.add(next);
            }
        }
        screen.print(lines);
    }

    private static String line(Order order, CommandView view) {
        CommandResult result = view.result();
        return "%s: %s %s"
                .formatted(
                        view.command().instance(),
                        order.kind(),
                        result == null
                                ? view.state() + ", and under way ("
                                        + view.command().id() + ")"
                                : result.outcome() + ": " + result.said());
    }

    private static String next(CommandView view) {
        CommandId id = view.command().id();
        CommandResult result = view.result();
        if (result == null) {
            return "  To hear how it ends, say the same with --id %s --wait; nothing is done twice.".formatted(id);
        }
        if (result instanceof CommandResult.NotDone) {
            return "  Look whether its node is up: ./gatefleet status. Then ask again.";
        }
        if (result instanceof CommandResult.Unknown) {
            return "  Say the same with --id %s --wait when its node is back: it is done at most once.".formatted(id);
        }
        return result instanceof CommandResult.Failed ? "  The node's log and ./gatefleet status say more." : "";
    }
}
