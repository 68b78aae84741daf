package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.registry.instance.Pacing;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ProtectionOptions;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.Version;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.audit.AuditOptions;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterOptions;
import io.gatefleet.runtime.cluster.Membership;
import io.gatefleet.runtime.watch.WatchOptions;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Runs a registry-service as a process of its own. */
@Command(
        name = RegistryVerticle.SERVICE,
        description = "Remembers which instance runs where; nodes join, stay and leave here.",
        mixinStandardHelpOptions = true,
        versionProvider = RegistryMain.BuildVersion.class,
        showDefaultValues = true)
public final class RegistryMain implements Callable<Integer> {
    @Option(
            names = "--http-host",
            defaultValue = "${GATEFLEET_HTTP_HOST:-127.0.0.1}",
            description = "address to listen on")
    private String httpHost = "";

    @Option(
            names = "--http-port",
            defaultValue = "${GATEFLEET_REGISTRY_PORT:-7800}",
            description = "port to listen on; 0: the kernel's choice")
    private int httpPort;

    @Option(
            names = "--beat",
            defaultValue = "${GATEFLEET_BEAT:-PT1S}",
            description = "shortest time between two heartbeats of a node")
    private Duration beat = Duration.ZERO;

    @Option(
            names = "--heartbeats-per-second",
            defaultValue = "${GATEFLEET_HEARTBEATS_PER_SECOND:-2000}",
            description = "most of the whole fleet; with more nodes each speaks less often")
    private int heartbeatsPerSecond;

    @Option(
            names = "--ask-timeout",
            defaultValue = "${GATEFLEET_ASK_TIMEOUT:-PT0.9S}",
            description = "how long to wait for the port-allocator, twice at most")
    private Duration askTimeout = Duration.ZERO;

    @Option(
            names = "--learn",
            defaultValue = "${GATEFLEET_LEARN:-PT30S}",
            description = "how long it shows no lists after its start, unless another registry knows the fleet")
    private Duration learn = Duration.ZERO;

    @Option(
            names = "--forget-departed",
            defaultValue = "${GATEFLEET_FORGET_DEPARTED:-PT10M}",
            description = "how long instances are shown that said goodbye")
    private Duration forgetDeparted = Duration.ZERO;

    @Option(
            names = "--forget-silent",
            defaultValue = "${GATEFLEET_FORGET_SILENT:-PT24H}",
            description = "how long instances are shown that fell silent")
    private Duration forgetSilent = Duration.ZERO;

    @CommandLine.Mixin
    private ProtectionOptions guarding = new ProtectionOptions();

    @CommandLine.Mixin
    private AuditOptions auditing = new AuditOptions();

    @CommandLine.Mixin
    private WatchOptions watch = new WatchOptions();

    @CommandLine.Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    public static void main(String[] args) {
        int exit = new CommandLine(new RegistryMain()).execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() {
        RegistryConfig config;
        AuditLog audit;
        Optional<ClusterConfig> members;
        try {
            members = cluster.config();
            audit = auditing.open(RegistryVerticle.SERVICE);
            config = RegistryConfig.defaults()
                    .listeningOn(httpHost, httpPort)
                    .withProtection(guarding.protection(httpHost, audit))
                    .withPacing(new Pacing(beat, heartbeatsPerSecond))
                    .withAskTimeout(askTimeout)
                    .withMemory(forgetDeparted, forgetSilent)
                    .withLearning(learn)
                    .withWatch(watch.rules());
            if (!config.protection().access().letsNodesIn()) {
                throw new BadInput(
                        "node-keys",
                        "absent from the access directory",
                        "a key that seals node tokens, the same on every registry; make it with gatefleet token keys --add");
            }
        } catch (BadInput bad) {
            throw new ParameterException(spec.commandLine(), bad.getMessage(), bad);
        } catch (IOException cause) {
            throw new ParameterException(spec.commandLine(), "--audit cannot be written: " + cause.getMessage(), cause);
        }
        PrometheusMeterRegistry meters = Meters.of(RegistryVerticle.SERVICE);
        return ServiceProcess.run(
                RegistryVerticle.SERVICE,
                members,
                meters,
                () -> new RegistryVerticle(config, Membership.ALONE, meters, audit),
                member -> new RegistryVerticle(config, member, meters, audit));
    }

    static final class BuildVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"gatefleet " + Version.current()};
        }
    }
}
