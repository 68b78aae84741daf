package io.gatefleet.health;

import io.gatefleet.contract.BadInput;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.health.verdict.VerdictRules.Doubt;
import io.gatefleet.health.verdict.VerdictRules.Flapping;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.ProtectionOptions;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.Version;
import io.gatefleet.runtime.audit.AuditOptions;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterOptions;
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

/** Runs a health-aggregator as a process of its own. */
@Command(
        name = HealthVerticle.SERVICE,
        description = "Judges the fleet's health from what its nodes say; never acts.",
        mixinStandardHelpOptions = true,
        versionProvider = HealthMain.BuildVersion.class,
        showDefaultValues = true)
public final class HealthMain implements Callable<Integer> {
    @Option(
            names = "--http-host",
            defaultValue = "${GATEFLEET_HTTP_HOST:-127.0.0.1}",
            description = "address to listen on")
    private String httpHost = "";

    @Option(
            names = "--http-port",
            defaultValue = "${GATEFLEET_HEALTH_PORT:-7802}",
            description = "port to listen on; 0: the kernel's choice")
    private int httpPort;

    @Option(
            names = "--suspect",
            defaultValue = "${GATEFLEET_SUSPECT:-PT15S}",
            description = "a node that was silent for so long is suspect")
    private Duration suspect = Duration.ZERO;

    @Option(
            names = "--silent",
            defaultValue = "${GATEFLEET_SILENT:-PT30S}",
            description = "and for so long, its gateway is unreachable")
    private Duration silent = Duration.ZERO;

    @Option(
            names = "--bad-to-fall",
            defaultValue = "${GATEFLEET_BAD_TO_FALL:-2}",
            description = "bad checks in a row that turn a good gateway bad")
    private int badToFall;

    @Option(
            names = "--good-to-rise",
            defaultValue = "${GATEFLEET_GOOD_TO_RISE:-2}",
            description = "good checks in a row that turn a bad one good")
    private int goodToRise;

    @Option(
            names = "--flap-window",
            defaultValue = "${GATEFLEET_FLAP_WINDOW:-21}",
            description = "checks that are looked at to call a gateway restless")
    private int flapWindow;

    @Option(
            names = "--doubt-above",
            defaultValue = "${GATEFLEET_DOUBT_ABOVE:-3}",
            description = "so many that fall silent at once are always believed")
    private int doubtAbove;

    @Option(
            names = "--doubt-above-percent",
            defaultValue = "${GATEFLEET_DOUBT_ABOVE_PERCENT:-20}",
            description = "and so large a part of all")
    private int doubtAbovePercent;

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
        int exit = new CommandLine(new HealthMain()).execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() {
        HealthConfig config;
        Optional<ClusterConfig> members;
        try {
            members = cluster.config();
            config = HealthConfig.defaults()
                    .listeningOn(httpHost, httpPort)
                    .withProtection(guarding.protection(httpHost, auditing.open(HealthVerticle.SERVICE)))
                    .withRules(VerdictRules.defaults()
                            .withSilence(suspect, silent)
                            .withChecks(badToFall, goodToRise)
                            .withFlapping(new Flapping(flapWindow, Flapping.DEFAULT.enter(), Flapping.DEFAULT.leave()))
                            .withDoubt(new Doubt(doubtAbove, doubtAbovePercent / 100.0, Doubt.DEFAULT.longest())))
                    .withWatch(watch.rules());
        } catch (BadInput bad) {
            throw new ParameterException(spec.commandLine(), bad.getMessage(), bad);
        } catch (IOException cause) {
            throw new ParameterException(spec.commandLine(), "audit: the file cannot be written; " + cause, cause);
        }
        PrometheusMeterRegistry meters = Meters.of(HealthVerticle.SERVICE);
        return ServiceProcess.run(
                HealthVerticle.SERVICE,
                members,
                meters,
                () -> new HealthVerticle(config, meters),
                member -> new HealthVerticle(config, member, meters));
    }

    static final class BuildVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"gatefleet " + Version.current()};
        }
    }
}
