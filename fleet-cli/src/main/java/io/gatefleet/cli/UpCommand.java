package io.gatefleet.cli;

import io.gatefleet.cli.fleet.EmbeddedFleet;
import io.gatefleet.cli.fleet.FleetPlan;
import io.gatefleet.cli.fleet.LogFile;
import io.gatefleet.cli.text.Wording;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.Gateways;
import io.gatefleet.node.gateway.Program;
import io.gatefleet.runtime.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatefleet up}: a fleet on this machine. */
@Command(
        name = "up",
        header = "Starts a control plane and gateways on this machine. Ctrl-C stops all in order.",
        description = {
            "",
            "The control plane (registry, allocator, health-aggregator) runs in this process; each gateway is kept by a"
                    + " node, a process of its own. What it starts it keeps under --home, and what it finds running"
                    + " there it takes over: after a kill -9 the same gateways come back on the same ports.",
            "",
            "Examples:",
            "  gatefleet up",
            "  gatefleet up --flavor simulated          to look around without OpenClaw",
            "  gatefleet up --instances main,rescue,acme --layout dense --profiles 2",
            "  gatefleet up --instances main=openclaw,old=clawdbot     side by side",
            "  gatefleet up --flavor openclaw --version 2026.3.2       an older line",
            "  gatefleet up --instances main,third=openclaw@2026.3.2   beside a newer one",
            "  gatefleet up --home ~/lab --pool 20000-29999 --registry-port 0 \\",
            "               --allocator-port 0 --health-port 0      a second fleet beside",
        })
final class UpCommand implements Callable<Integer> {
    private static final int DENSE_PROFILES = 2;

    private static final String SHARED_MEMORY =
            "OmniClaw keeps its memory in this host's Redis (port 6379) and Postgres"
                    + " (port 5432), under names that no setting of ours changes: all its instances here share one memory.";

    @Spec
    private @Nullable CommandSpec command;

    @Mixin
    private Home home = new Home();

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private HelpOption help = new HelpOption();

    @Option(
            names = "--flavor",
            description = "openclaw, clawdbot, omniclaw or simulated. Default: openclaw if it is installed, else"
                    + " simulated; it says which.")
    private @Nullable Flavor flavor;

    @Option(
            names = "--version",
            description = "Which one of several that are installed: its entry script is named by a variable like"
                    + " GATEFLEET_OPENCLAW_2026_3_2. Default: the one of GATEFLEET_OPENCLAW, or on the PATH.")
    private @Nullable String version;

    @Option(
            names = "--instances",
            paramLabel = "NAMES",
            split = ",",
            defaultValue = "main,rescue",
            description = "What to run, each as NAME, NAME=FLAVOR or NAME=FLAVOR@VERSION; NAME alone is of --flavor and"
                    + " --version. Default: ${DEFAULT-VALUE}")
    private List<WantedInstance> instances = List.of();

    @Option(
            names = "--layout",
            defaultValue = "wide",
            description =
                    "wide: the 111 ports that a gateway could ever derive; dense: only what it uses, pinned in its"
                            + " configuration. Default: ${DEFAULT-VALUE}")
    private PortLayout.Shape shape = PortLayout.Shape.WIDE;

    @Option(
            names = "--profiles",
            paramLabel = "N",
            description = "Browser profiles of each dense gateway, 1 to 100. Default: 2")
    private @Nullable Integer profiles;

    @Option(
            names = "--pass",
            paramLabel = "VARIABLES",
            split = ",",
            description =
                    "Variables that gateways get too, for example a provider's key; all others are kept from them.")
    private List<String> passed = List.of();

    @Option(
            names = "--pool",
            paramLabel = "A-B",
            defaultValue = "${env:GATEFLEET_POOL:-18789-32767}",
            description = "The ports that can be lent; also GATEFLEET_POOL. Default: 18789-32767")
    private PortSet pool = PortSet.EMPTY;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "What this machine is called in the fleet. Default: its host name.")
    private @Nullable HostId host;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "7800",
            description = "0: any that is free. Default: ${DEFAULT-VALUE}")
    private int registryPort;

    @Option(
            names = "--allocator-port",
            paramLabel = "PORT",
            defaultValue = "7801",
            description = "0: any that is free. Default: ${DEFAULT-VALUE}")
    private int allocatorPort;

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            defaultValue = "7802",
            description = "0: any that is free. Default: ${DEFAULT-VALUE}")
    private int healthPort;

    @Override
    public Integer call() throws IOException, TimeoutException, InterruptedException {
        if (command == null) {
            throw new IllegalStateException("no command");
        }
        // Both before standard error goes to the log.
        PrintWriter out = command.commandLine().getOut();
        command.commandLine().getErr();
        List<Asked> asked = asked();
        FleetPlan plan = plan(asked);
        logTo(plan.home());
        print(out, List.of("Gatefleet %s on %s, home %s".formatted(Version.current(), plan.host(), plan.home())));
        print(out, Wording.wrap(choice(asked), 80));
        return new EmbeddedFleet(plan, lines -> print(out, lines), Screen.ink()).run();
    }

    /** An instance, and the program that was found for it. */
    private record Asked(InstanceId instance, GatewayConfig gateway, Program program) {}

    private List<Asked> asked() {
        List<Asked> asked = new ArrayList<>();
        for (WantedInstance wanted : instances) {
            Flavor own = wanted.flavor();
            Flavor its = own != null ? own : flavor != null ? flavor : InstalledGateway.flavor();
            try {
                GatewayConfig gateway = gateway(its, own != null ? wanted.version() : version);
                asked.add(new Asked(wanted.instance(), gateway, InstalledGateway.require(gateway)));
            } catch (BadInput bad) {
                throw misused(bad);
            }
        }
        return asked;
    }

    /** What runs, and how it was chosen. */
    private String choice(List<Asked> asked) {
        Program program = asked.get(0).program();
        Flavor first = asked.get(0).gateway().flavor();
        boolean chosen = flavor != null || version != null || instances.stream().anyMatch(one -> one.flavor() != null);
        String what;
        if (asked.stream().anyMatch(one -> !one.program().equals(program))) {
            what = asked.stream()
                    .map(one -> "%s: %s %s"
                            .formatted(
                                    one.instance(),
                                    one.gateway().flavor(),
                                    one.program().version()))
                    .collect(Collectors.joining(", ", "Gateways: ", "."));
        } else if (chosen) {
            what = "%s gateways, version %s.".formatted(first, program.version());
        } else if (first == Flavor.SIMULATED) {
            what = "OpenClaw is not installed here: simulated gateways, which open the same ports and answer the same"
                    + " probes. For real ones: npm install -g openclaw";
        } else {
            what =
                    "OpenClaw %s is installed here: real gateways. To look around with simulated ones: --flavor simulated"
                            .formatted(program.version());
        }
        return asked.stream().anyMatch(one -> one.gateway().flavor() == Flavor.OMNICLAW)
                ? what + " " + SHARED_MEMORY
                : what;
    }

    private FleetPlan plan(List<Asked> asked) {
        try {
            List<FleetPlan.Slot> slots = new ArrayList<>();
            for (Asked one : asked) {
                slots.add(new FleetPlan.Slot(
                        one.instance(), one.gateway(), Gateways.layout(one.gateway(), one.program())));
            }
            return new FleetPlan(
                    home.path(),
                    host == null ? LocalHost.id() : host,
                    slots,
                    pool,
                    new FleetPlan.Ports(registryPort, allocatorPort, healthPort));
        } catch (BadInput bad) {
            throw misused(bad);
        }
    }

    private RuntimeException misused(BadInput bad) {
        return command == null ? bad : new ParameterException(command.commandLine(), bad.getMessage(), bad);
    }

    private GatewayConfig gateway(Flavor its, @Nullable String which) {
        return new GatewayConfig(
                its,
                which,
                shape,
                profileNames(its),
                Set.of(),
                null,
                null,
                null,
                Set.copyOf(passed),
                GatewayConfig.Times.defaults());
    }

    private List<String> profileNames(Flavor chosen) {
        if (shape == PortLayout.Shape.WIDE) {
            if (profiles != null) {
                throw new BadInput("--profiles", profiles, "only with --layout dense; a wide layout has room for 100");
            }
            return GatewayConfig.profiles(chosen, 1);
        }
        int count = profiles == null ? DENSE_PROFILES : profiles;
        if (count < 1 || count > 100) {
            throw new BadInput("--profiles", count, "1 to 100");
        }
        return GatewayConfig.profiles(chosen, count);
    }

    /** What the control plane's parts log goes to a file: the terminal is for the fleet's story. */
    private static void logTo(Path home) throws IOException {
        Path log = LogFile.ofUp(home);
        LogFile.prepare(log);
        System.setErr(new PrintStream(
                Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8));
    }

    private static void print(PrintWriter out, List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }
}
