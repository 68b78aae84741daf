package io.gatefleet.node.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.FreeWindow;
import io.gatefleet.node.port.LeaseAudit;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One instance on free ports, with as many nodes, one after the other, as a test wants. Leaves no process behind. */
final class InstanceUnderTest implements AutoCloseable {
    /** Of a test: nobody wants to wait for minutes. */
    static final GatewayConfig.Times QUICK = new GatewayConfig.Times(
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    final InstanceHome home;
    final GatewayConfig config;
    final Program program;
    final PortLayout layout;
    private final FreeWindow window;
    private final List<Vertx> nodes = new ArrayList<>();

    InstanceUnderTest(Path fleet, String name, GatewayConfig config) {
        this(fleet, name, config, Gateways.find(config).orElseThrow());
    }

    /** Of a family, with a simulated program that has its habits. */
    static InstanceUnderTest inManner(Path fleet, String name, GatewayConfig config, String version) {
        Program simulated = Gateways.find(GatewayConfig.of(Flavor.SIMULATED)).orElseThrow();
        List<String> command = new ArrayList<>(simulated.command());
        command.addAll(List.of("--manner", config.flavor().toString()));
        return new InstanceUnderTest(fleet, name, config, new Program(command, version));
    }

    private InstanceUnderTest(Path fleet, String name, GatewayConfig config, Program program) {
        this.home = InstanceHome.of(fleet, new InstanceId(name));
        this.config = config;
        this.program = program;
        this.layout = Gateways.layout(config, program);
        this.window = FreeWindow.of(layout.footprint().span());
    }

    int base() {
        return window.first();
    }

    Lease lease() {
        return new Lease(
                new InstanceKey(new HostId("here"), new InstanceId("main")),
                new Incarnation(1),
                window.first(),
                layout.footprint(),
                layout.name(),
                1,
                LeaseState.CONFIRMED);
    }

    /** The gateway as a new life of the node sees it. */
    Gateway gateway() {
        Vertx node = Vertx.vertx();
        nodes.add(node);
        return Gateways.of(node, config, program, layout, home);
    }

    /** The node dies: its gateway does not notice. */
    void killNode() {
        closeLast();
    }

    private void closeLast() {
        try {
            nodes.remove(nodes.size() - 1).close().await(10, SECONDS);
        } catch (java.util.concurrent.TimeoutException slow) {
            throw new IllegalStateException(slow);
        }
    }

    Gateway started() {
        Gateway gateway = gateway();
        done(gateway.start(lease()));
        awaitReady(gateway);
        return gateway;
    }

    static <T> T done(io.vertx.core.Future<T> future) {
        try {
            return future.await(60, SECONDS);
        } catch (java.util.concurrent.TimeoutException slow) {
            throw new AssertionError(slow);
        }
    }

    static void awaitReady(Gateway gateway) {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    Probe probe = gateway.report().probe();
                    return gateway.report().state() == GatewayState.RUNNING && probe != null && probe.ready();
                });
    }

    static int pid(Gateway gateway) {
        Integer pid = gateway.report().pid();
        if (pid == null) {
            throw new AssertionError("no pid: " + gateway.report());
        }
        return pid;
    }

    static List<String> codes(Gateway gateway) {
        return gateway.report().findings().stream().map(Finding::code).toList();
    }

    LeaseAudit.Result audit(Gateway gateway) {
        return LeaseAudit.of(lease().ports(), gateway.pids(), PortSet.EMPTY);
    }

    boolean nobodyListens() {
        return LeaseAudit.of(lease().ports(), Set.of(), PortSet.EMPTY)
                .strangers()
                .isEmpty();
    }

    /** Every living process that came from this instance's gateways. */
    Set<Integer> processes() throws IOException {
        Set<Integer> pids = new TreeSet<>();
        new InstanceProcesses(home).traced().forEach(process -> pids.add(process.pid()));
        return pids;
    }

    /** A user's configuration, before the first start. */
    void configure(String json5) throws IOException {
        home.create();
        Files.writeString(configFile(), json5);
    }

    Path configFile() {
        return home.config(config.flavor() + ".json");
    }

    /** Tells a simulated gateway to do something. */
    String simulate(String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + base() + "/simulate"))
                .timeout(Duration.ofSeconds(5))
                .header(
                        "Authorization",
                        "Bearer " + Token.find(home.token()).orElseThrow().reveal())
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.body());
        }
        return response.body();
    }

    /** The gateway's own command line: its exit code and what it prints. */
    Ran exec(String... args) throws IOException, InterruptedException {
        Process process = Gateways.cli(config, program, home)
                .exec(List.of(args))
                .builder()
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), printed);
    }

    record Ran(int exitCode, String printed) {}

    Map<String, String> environmentOf(int pid) throws IOException {
        Map<String, String> environment = new java.util.TreeMap<>();
        for (String entry :
                Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return environment;
    }

    @Override
    public void close() {
        try {
            while (!nodes.isEmpty()) {
                closeLast();
            }
            new InstanceProcesses(home).end(null, Set.of(), Duration.ofMillis(100));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } finally {
            window.close();
        }
    }
}
