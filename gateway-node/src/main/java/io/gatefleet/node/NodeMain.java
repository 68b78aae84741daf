package io.gatefleet.node;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.Action;
import io.gatefleet.node.lease.RetryTimes;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.runtime.LocalBus;
import io.gatefleet.runtime.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A gateway-node as a process: one instance, until it is told to end. */
@Command(
        name = "gateway-node",
        sortOptions = false,
        description = "Runs one isolated gateway on leased ports: claims, guards, starts, watches and stops it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:told to end (SIGTERM, SIGINT), and ended in order",
            "1:could not start",
            "2:an option cannot be used",
            "75:another node runs this instance in this home",
            "76:a node in another home runs a newer life of this instance",
            "77:an operator took the lease back"
        })
public final class NodeMain implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(NodeMain.class);
    private static final int CLOSE_SECONDS = 5;

    @Option(
            names = "--home",
            defaultValue = "${GATEFLEET_HOME:-${sys:user.home}/.gatefleet}",
            description = "The fleet's directory (default: ${DEFAULT-VALUE}).")
    private Path home = Path.of(".gatefleet");

    @Option(
            names = "--host",
            defaultValue = "${GATEFLEET_HOST:-}",
            description = "What this machine or network namespace is called (default: its host name).")
    private String host = "";

    @Option(
            names = "--instance",
            defaultValue = "${GATEFLEET_INSTANCE:-main}",
            description = "The slot that this node fills (default: ${DEFAULT-VALUE}).")
    private String instance = "main";

    @Option(
            names = "--flavor",
            defaultValue = "${GATEFLEET_FLAVOR:-openclaw}",
            description = "openclaw, clawdbot, omniclaw or simulated (default: ${DEFAULT-VALUE}).")
    private String flavor = "openclaw";

    @Option(
            names = "--version",
            defaultValue = "${GATEFLEET_VERSION:-}",
            description = "Which one of several that are installed: found by GATEFLEET_<FLAVOR>_<VERSION>, for example"
                    + " GATEFLEET_OPENCLAW_2026_3_2 (default: the one that is found without).")
    private String version = "";

    @Option(
            names = "--layout",
            defaultValue = "${GATEFLEET_LAYOUT:-wide}",
            description =
                    "wide: every port that the family could derive; dense: only what is used (default: ${DEFAULT-VALUE}).")
    private String layout = "wide";

    @Option(
            names = "--profiles",
            split = ",",
            defaultValue = "${GATEFLEET_PROFILES:-}",
            description = "Browser profiles of a dense layout, one CDP port each; the family's own among them (default:"
                    + " that one: openclaw, clawd or omniclaw).")
    private List<String> profiles = List.of();

    @Option(
            names = "--extras",
            split = ",",
            defaultValue = "${GATEFLEET_EXTRAS:-}",
            description = "Channel plugins that get a leased port instead of their fixed one.")
    private List<String> extras = List.of();

    @Option(
            names = "--pass",
            split = ",",
            defaultValue = "${GATEFLEET_PASS:-}",
            description = "Variables of this environment that the gateway gets too, for example a provider's key.")
    private List<String> passed = List.of();

    @Option(
            names = "--program",
            paramLabel = "FILE",
            description = "The gateway's entry script (default: by GATEFLEET_<FLAVOR>, else on the PATH).")
    private @Nullable Path program;

    @Option(
            names = "--node",
            paramLabel = "FILE",
            description = "The Node.js binary (default: by GATEFLEET_NODE, else on the PATH).")
    private @Nullable Path node;

    @Option(
            names = "--chromium",
            paramLabel = "FILE",
            description = "The browser (default: by GATEFLEET_CHROMIUM, else on the PATH).")
    private @Nullable Path chromium;

    @Option(
            names = "--registry",
            split = ",",
            paramLabel = "URL",
            defaultValue = "${GATEFLEET_REGISTRY:-http://127.0.0.1:7800}",
            description = "Where the control plane answers; several are tried in turn (default: ${DEFAULT-VALUE}).")
    private List<URI> registries = List.of();

    @Option(
            names = "--join-token-file",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_JOIN_TOKEN_FILE:-}",
            description = "Holds the fleet's join token, for a control plane that asks for one; the node's own token is"
                    + " then kept in its instance's home.")
    private String joinTokenFile = "";

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_TLS_CA:-}",
            description = "PEM certificates of those who vouch for registries at https URLs (default: those that Java"
                    + " knows).")
    private String authorities = "";

    @Option(
            names = "--address",
            defaultValue = "${GATEFLEET_ADDRESS:-}",
            description = "Where others reach the gateway (default: 127.0.0.1).")
    private String address = "";

    @Mixin
    private ManagementOptions managing = new ManagementOptions();

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "For selecting instances; may be given several times.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${GATEFLEET_DRAIN:-325}",
            description = "How long the gateway may finish what it does (default: ${DEFAULT-VALUE}).")
    private long drainSeconds = 325;

    @Option(
            names = "--beat",
            paramLabel = "MILLIS",
            defaultValue = "${GATEFLEET_NODE_BEAT:-0}",
            description = "Heartbeat pace instead of the control plane's; 0: as it says.")
    private long beatMillis;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this and ends.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
    private boolean help;

    /** Vert.x, made while the options are read; null where nobody began to. */
    private @Nullable Future<Vertx> ahead;

    public static void main(String[] arguments) {
        NodeMain node = new NodeMain();
        // A node's way to its lease is mostly the loading of classes, and a second core can do half of it meanwhile.
        FutureTask<Vertx> second = new FutureTask<>(NodeMain::loadAhead);
        Thread loader = new Thread(second, "load-ahead");
        loader.setDaemon(true);
        loader.start();
        node.ahead = second;
        System.exit(new CommandLine(node).execute(arguments));
    }

    /** What comes after the options: JSON, the known layouts, the kernel's tables, Vert.x. */
    private static Vertx loadAhead() {
        try {
            Layouts.known();
            Kernel.facts(Set.of());
        } catch (RuntimeException trouble) {
            log.debug("is met again where it matters", trouble);
        }
        return vertx();
    }

    /** One node is one small program: one event loop, and a few threads for guard, probe and disk. */
    private static Vertx vertx() {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        return LocalBus.vertx(options, null);
    }

    @Override
    public Integer call() {
        NodeConfig config;
        Management management;
        InstanceLock.Locking locking;
        try {
            // It would hide a thief on ::1 from the probe.
            if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
                throw new BadInput("java.net.preferIPv4Stack", "true", "unset on a gateway-node");
            }
            config = config();
            management = managing.management();
            InstanceHome instanceHome = InstanceHome.of(config.home(), config.instance());
            instanceHome.create();
            locking = InstanceLock.take(instanceHome);
        } catch (BadInput bad) {
            log.error("{}", bad.getMessage());
            return NodeExit.USAGE;
        } catch (IOException cause) {
            log.error("the instance's home cannot be used: {}", cause.toString());
            return NodeExit.FAILED;
        }
        if (locking instanceof InstanceLock.Locking.Taken taken) {
            return run(config, management, taken.lock());
        }
        OptionalLong pid = ((InstanceLock.Locking.AlreadyRunning) locking).pid();
        log.error(
                "already-running (pid {}): a node runs {} in {}",
                pid.isPresent() ? pid.getAsLong() : "unknown",
                config.key(),
                config.home());
        return NodeExit.ALREADY_RUNNING;
    }

    /** What the options say. */
    NodeConfig config() throws IOException {
        GatewayConfig.Times usual = GatewayConfig.Times.defaults();
        Flavor family = Flavor.parse(flavor);
        List<String> browsers =
                profiles.stream().filter(name -> !name.isBlank()).toList();
        GatewayConfig gateway = new GatewayConfig(
                family,
                orNull(version),
                PortLayout.Shape.parse(layout),
                browsers.isEmpty() ? GatewayConfig.profiles(family, 1) : browsers,
                named(extras),
                program,
                node,
                chromium,
                named(passed),
                new GatewayConfig.Times(
                        Duration.ofSeconds(drainSeconds),
                        usual.reap(),
                        usual.probeStarting(),
                        usual.probeRunning(),
                        usual.probeTimeout(),
                        usual.firstBackoff(),
                        usual.longestBackoff(),
                        usual.breakerPause(),
                        usual.breakerWindow()));
        return new NodeConfig(
                home,
                host.isEmpty() ? HostName.own() : new HostId(host),
                new InstanceId(instance),
                gateway,
                registries,
                orNull(address),
                labels,
                RetryTimes.defaults(beatMillis == 0 ? null : beatMillis),
                NodeConfig.Times.defaults(),
                new NodeConfig.Proof(fileOrNull(joinTokenFile), fileOrNull(authorities)));
    }

    private static Set<String> named(List<String> names) {
        return Set.copyOf(names.stream().filter(name -> !name.isBlank()).toList());
    }

    private static @Nullable Path fileOrNull(String text) {
        return text.isEmpty() ? null : Path.of(text).toAbsolutePath();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private int run(NodeConfig config, Management management, InstanceLock lock) {
        Vertx vertx;
        try {
            vertx = ahead == null ? vertx() : ahead.get();
        } catch (InterruptedException | ExecutionException cause) {
            log.error("{} cannot run", config.key(), cause);
            return NodeExit.FAILED;
        }
        NodeVerticle node = new NodeVerticle(config, management, lock, () -> Meters.of("gateway-node"));
        Signals.on("TERM", node::leave);
        Signals.on("INT", node::leave);
        Signals.on("HUP", () -> log.info("SIGHUP is ignored: a closed terminal is no reason to end"));
        try {
            vertx.deployVerticle(node).await();
            Action.Quit quit = node.ended().await();
            return NodeExit.of(quit.ending());
        } catch (BadInput bad) {
            log.error("{}", bad.getMessage());
            return NodeExit.USAGE;
        } catch (RuntimeException cause) {
            log.error("{} cannot run", config.key(), cause);
            return NodeExit.FAILED;
        } finally {
            close(vertx);
        }
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException cause) {
            log.debug("Vert.x did not close in order", cause);
        }
    }
}
