package io.gatefleet.cli.fleet;

import io.gatefleet.cli.Gatefleet;
import io.gatefleet.cli.ask.FleetClient;
import io.gatefleet.cli.ask.Service;
import io.gatefleet.cli.text.Ink;
import io.gatefleet.cli.text.PortPicture;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.runtime.LocalBus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Loads what the fleet's programs load at their start, and ends: the launcher lets the JVM write these classes into an
 * archive from which later starts map them ({@code -XX:ArchiveClassesAtExit}). A control plane of its own hears of one
 * instance that does not exist; no process is started, and no port of any pool is touched.
 */
public final class Rehearsal {
    private static final HostId NOWHERE = new HostId("nowhere");
    private static final InstanceId NOBODY = new InstanceId("nobody");
    /** For each step: an image is also built where others use the machine, and a minute there is better than no image. */
    private static final int SECONDS = 60;

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException, TimeoutException {
        loadOurs();
        Path home = Files.createTempDirectory("gatefleet-rehearsal");
        try {
            play(home);
        } finally {
            try (Stream<Path> entries = Files.walk(home)) {
                entries.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
        // Loops and pools may still have threads; the archive is written all the same.
        System.exit(Gatefleet.commandLine().execute("--version"));
    }

    private static void play(Path home) throws TimeoutException, IOException {
        GatewayConfig gateway = GatewayConfig.of(Flavor.SIMULATED);
        PortLayout layout = Layouts.known().of(Flavor.SIMULATED, null).wide(Set.of());
        PortSet pool = PortSet.parse("18789-32767");
        FleetPlan plan = new FleetPlan(
                home,
                NOWHERE,
                List.of(new FleetPlan.Slot(NOBODY, gateway, layout)),
                pool,
                new FleetPlan.Ports(0, 0, 0));
        ControlPlane control = ControlPlane.start(plan, beat -> {});
        try {
            register(control.ports().registry(), layout);
            ask(control.ports());
        } finally {
            control.close();
        }
    }

    /** As a node does. */
    private static void register(int port, PortLayout layout) throws TimeoutException {
        RegisterInstance word = new RegisterInstance(
                new Incarnation(1),
                Flavor.SIMULATED,
                null,
                layout.name(),
                layout.footprint(),
                HostFacts.bare(new PortSpace("rehearsal", 1)),
                null,
                null,
                null,
                null,
                null);
        Vertx vertx = LocalBus.vertx(new VertxOptions(), null);
        try {
            HttpClient client = vertx.createHttpClient();
            client.request(HttpMethod.PUT, port, ControlPlane.ADDRESS, "/v1/instances/" + NOWHERE + "/" + NOBODY)
                    .compose(request -> request.putHeader("content-type", "application/json")
                            .send(Wire.STRICT.write(word)))
                    .compose(response -> response.body())
                    .await(SECONDS, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(SECONDS, TimeUnit.SECONDS);
        }
    }

    /** As the commands do. */
    private static void ask(FleetPlan.Ports ports) {
        FleetClient client = new FleetClient(
                service -> URI.create(ControlPlane.url(
                        switch (service) {
                            case REGISTRY -> ports.registry();
                            case ALLOCATOR -> ports.allocator();
                            case HEALTH -> ports.health();
                        })),
                "");
        client.get(Service.HEALTH, "/v1/fleet/health");
        client.items(Service.HEALTH, "/v1/fleet/instances");
        PortPicture.draw(
                FleetClient.as(client.get(Service.ALLOCATOR, "/v1/hosts/" + NOWHERE + "/ports"), PortMapView.class),
                Ink.BLACK);
    }

    /** Every class of ours, the nodes' among them; they are few. */
    private static void loadOurs() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.endsWith(".jar")) {
                continue;
            }
            try (JarFile jar = new JarFile(entry)) {
                jar.stream()
                        .map(file -> file.getName())
                        .filter(name -> name.startsWith("io/gatefleet/") && name.endsWith(".class"))
                        .forEach(Rehearsal::load);
            }
        }
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            Class.forName(name, false, Rehearsal.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError unusable) {
            // It will not be in the archive, and is loaded as ever.
        }
    }
}
