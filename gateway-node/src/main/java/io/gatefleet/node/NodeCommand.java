package io.gatefleet.node;

import io.gatefleet.node.gateway.GatewayConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway-node is started as a process of its own: the only place that knows its flags.
 *
 * @param argv the whole command; {@code setsid} comes first, so that a Ctrl-C in the parent's terminal does not reach it
 * @param environment the whole environment; may hold what a gateway is given, so it is not shown
 */
public record NodeCommand(List<String> argv, Map<String, String> environment) {
    /**
     * One small program that lives for months. Measured on 2 cores: with the JVM's own choices it takes three times as
     * much memory and starts no sooner.
     */
    static final List<String> JVM_FLAGS = List.of(
            "-Xms8m",
            "-Xmx48m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            // Netty sizes its pools by cores and heap; a node sends a few kilobytes every few seconds.
            "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=1",
            "-Dio.netty.leakDetection.level=disabled");

    /**
     * Variables by which a JVM takes flags from outside. One of them is often {@code -Djava.net.preferIPv4Stack=true},
     * with which a node would not see a thief on ::1.
     */
    private static final List<String> JVM_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    public NodeCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /**
     * The command of a node with this configuration. Of its times only drain and beat are handed on; the others are the
     * defaults.
     *
     * @param java the {@code java} binary
     * @param classPath with this class on it
     * @param inherited the parent's environment: gateways are found by its PATH, and given what {@code --pass} names
     */
    public static NodeCommand of(NodeConfig config, Path java, String classPath, Map<String, String> inherited) {
        List<String> argv = new ArrayList<>(List.of("setsid", java.toString()));
        argv.addAll(JVM_FLAGS);
        argv.addAll(List.of("-cp", classPath, NodeMain.class.getName()));
        argv.addAll(arguments(config));
        Map<String, String> environment = new TreeMap<>(inherited);
        JVM_VARIABLES.forEach(environment::remove);
        // glibc keeps an arena per thread otherwise: 10 to 20 MB that nobody uses.
        environment.put("MALLOC_ARENA_MAX", "2");
        return new NodeCommand(argv, environment);
    }

    /** The same with the java binary, the class path and the environment of this process. */
    public static NodeCommand of(NodeConfig config) {
        return of(
                config,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                System.getenv());
    }

    private static List<String> arguments(NodeConfig config) {
        GatewayConfig gateway = config.gateway();
        List<String> arguments = new ArrayList<>();
        add(arguments, "--home", config.home());
        add(arguments, "--host", config.host());
        add(arguments, "--instance", config.instance());
        add(arguments, "--flavor", gateway.flavor());
        add(arguments, "--version", gateway.version());
        add(arguments, "--layout", gateway.shape());
        add(arguments, "--profiles", String.join(",", gateway.profiles()));
        addAll(arguments, "--extras", gateway.extras());
        addAll(arguments, "--pass", gateway.passed());
        add(arguments, "--program", gateway.program());
        add(arguments, "--node", gateway.node());
        add(arguments, "--chromium", gateway.chromium());
        add(
                arguments,
                "--registry",
                config.registries().stream().map(URI::toString).collect(Collectors.joining(",")));
        add(arguments, "--join-token-file", config.proof().joinToken());
        add(arguments, "--tls-ca", config.proof().authorities());
        add(arguments, "--address", config.address());
        new TreeMap<>(config.labels()).forEach((key, value) -> add(arguments, "--label", key + "=" + value));
        add(arguments, "--drain", gateway.times().drain().toSeconds());
        add(arguments, "--beat", config.retry().beat());
        return arguments;
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        if (value != null) {
            arguments.add(option);
            arguments.add(value.toString());
        }
    }

    private static void addAll(List<String> arguments, String option, Set<String> values) {
        if (!values.isEmpty()) {
            add(arguments, option, String.join(",", new TreeSet<>(values)));
        }
    }

    /** Not yet started; standard streams are the caller's to place. */
    public ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    /** Without the environment's values. */
    @Override
    public String toString() {
        return "NodeCommand[argv=" + argv + ", environment=" + new TreeSet<>(environment.keySet()) + "]";
    }
}
