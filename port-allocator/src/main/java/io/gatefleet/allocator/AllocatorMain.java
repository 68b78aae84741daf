package io.gatefleet.allocator;

import io.gatefleet.allocator.store.DecisionJournal;
import io.gatefleet.allocator.store.DecisionLog;
import io.gatefleet.allocator.store.HazelcastLedgerStore;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ProtectionOptions;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.Version;
import io.gatefleet.runtime.audit.AuditOptions;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterOptions;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The port-allocator as a process of its own. */
@Command(
        name = "port-allocator",
        mixinStandardHelpOptions = true,
        versionProvider = AllocatorMain.Versions.class,
        sortOptions = false,
        description = "Lends every gateway of a host a range of ports that no other one has.")
public final class AllocatorMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--http-host",
            defaultValue = "${GATEFLEET_HTTP_HOST:-127.0.0.1}",
            description = "Address to listen on (${DEFAULT-VALUE}).")
    private String httpHost = "";

    @Option(
            names = "--http-port",
            defaultValue = "${GATEFLEET_ALLOCATOR_PORT:-7801}",
            description = "Port to listen on; 0 for the kernel's choice (${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--pool",
            defaultValue = "${GATEFLEET_POOL:-18789-32767}",
            description =
                    "Ports of each host that can be lent, for example 18789-25000,26000-32767 (${DEFAULT-VALUE}).")
    private String pool = "";

    @Option(
            names = "--allow-ephemeral",
            defaultValue = "${GATEFLEET_ALLOW_EPHEMERAL:-false}",
            description = "Lend ports of a host's ephemeral range too; the host view then names the sysctl to set.")
    private boolean allowEphemeral;

    @Option(
            names = "--most-rejects",
            defaultValue = "${GATEFLEET_MOST_REJECTS:-5}",
            description = "Offers that an incarnation may reject in a row (${DEFAULT-VALUE}).")
    private int mostRejects;

    @Option(
            names = "--reservations",
            defaultValue = "${GATEFLEET_RESERVATIONS:-${sys:user.home}/.gatefleet/reservations.json}",
            description = "The file that keeps reservations (${DEFAULT-VALUE}).")
    private Path reservations = Path.of("");

    @Option(
            names = "--term",
            defaultValue = "${GATEFLEET_TERM:-PT30S}",
            description = "A lease lapses when it is not renewed for that long (${DEFAULT-VALUE}).")
    private Duration term = Duration.ZERO;

    @Option(
            names = "--offered",
            defaultValue = "${GATEFLEET_OFFERED:-PT30S}",
            description = "An offer lapses when it is not confirmed for that long (${DEFAULT-VALUE}).")
    private Duration offered = Duration.ZERO;

    @Option(
            names = "--sweep",
            defaultValue = "${GATEFLEET_SWEEP:-PT1S}",
            description = "Between two looks at what is due (${DEFAULT-VALUE}).")
    private Duration sweep = Duration.ZERO;

    @Option(
            names = "--rest-released",
            defaultValue = "${GATEFLEET_REST_RELEASED:-PT1M}",
            description = "Rest of ports given back without proof that they are closed (${DEFAULT-VALUE}).")
    private Duration restReleased = Duration.ZERO;

    @Option(
            names = "--rest-lapsed",
            defaultValue = "${GATEFLEET_REST_LAPSED:-PT10M}",
            description = "Rest of ports whose node fell silent (${DEFAULT-VALUE}).")
    private Duration restLapsed = Duration.ZERO;

    @Option(
            names = "--rest-busy",
            defaultValue = "${GATEFLEET_REST_BUSY:-PT5M}",
            description = "Rest of ports that a node found busy (${DEFAULT-VALUE}).")
    private Duration restBusy = Duration.ZERO;

    @Option(
            names = "--recovery",
            defaultValue = "${GATEFLEET_RECOVERY:-PT5S}",
            description = "How long grants wait for nodes that the ledger does not know (${DEFAULT-VALUE}).")
    private Duration recovery = Duration.ZERO;

    @Mixin
    private ProtectionOptions guarding = new ProtectionOptions();

    @Mixin
    private AuditOptions auditing = new AuditOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    public static void main(String[] args) {
        int exitCode = new CommandLine(new AllocatorMain()).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    @Override
    public Integer call() {
        AllocatorConfig config = config();
        PrometheusMeterRegistry meters = Meters.of(AllocatorVerticle.SERVICE);
        Optional<ClusterConfig> members = cluster();
        // A member writes its own, before it decides anything.
        Optional<DecisionJournal> journal =
                members.isPresent() ? Optional.empty() : cluster.journal().map(this::journal);
        DecisionLog decisions = journal.<DecisionLog>map(open -> open).orElse(DecisionLog.NONE);
        return ServiceProcess.run(
                AllocatorVerticle.SERVICE,
                members,
                meters,
                () -> new AllocatorVerticle(config, new InMemoryLedgerStore(decisions), meters),
                member -> new AllocatorVerticle(config, new HazelcastLedgerStore(member), member, meters),
                () -> journal.ifPresent(DecisionJournal::close));
    }

    private DecisionJournal journal(Path file) {
        try {
            return DecisionJournal.open(file, AllocatorVerticle.SERVICE);
        } catch (IOException cause) {
            throw new ParameterException(spec.commandLine(), "journal: " + cause.getMessage(), cause);
        }
    }

    private Optional<ClusterConfig> cluster() {
        try {
            return cluster.config();
        } catch (BadInput bad) {
            throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
        }
    }

    AllocatorConfig config() {
        try {
            return new AllocatorConfig(
                    httpHost,
                    httpPort,
                    PortSet.parse(pool),
                    allowEphemeral,
                    mostRejects,
                    new AllocatorConfig.Times(term, offered, sweep, restReleased, restLapsed, restBusy, recovery),
                    reservations,
                    guarding.protection(httpHost, auditing.open(AllocatorVerticle.SERVICE)));
        } catch (BadInput bad) {
            throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
        } catch (IOException cause) {
            throw new ParameterException(spec.commandLine(), "audit: the file cannot be written; " + cause, cause);
        }
    }

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.current()};
        }
    }
}
