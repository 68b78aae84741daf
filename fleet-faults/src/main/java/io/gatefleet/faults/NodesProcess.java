package io.gatefleet.faults;

import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.NodeTruth;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.testing.JavaProcess;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Guarded nodes of one host in a process of their own, which can be frozen and killed, and lives again in the same homes. */
public final class NodesProcess implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Place place;
    private final Path fleet;
    private final HostId host;
    private final String name;
    private final int count;
    private final List<URI> registries;
    private JavaProcess process;

    private NodesProcess(
            Place place, Path fleet, HostId host, String name, int count, List<URI> registries, JavaProcess process) {
        this.place = place;
        this.fleet = fleet;
        this.host = host;
        this.name = name;
        this.count = count;
        this.registries = registries;
        this.process = process;
    }

    /** Begins {@code count} nodes, {@code NAME-0} and so on; the leases come later. */
    public static NodesProcess start(Place place, Path fleet, HostId host, String name, int count, List<URI> registries)
            throws IOException {
        return new NodesProcess(
                place, fleet, host, name, count, registries, life(place, fleet, host, name, count, registries));
    }

    private static JavaProcess life(Place place, Path fleet, HostId host, String name, int count, List<URI> registries)
            throws IOException {
        return JavaProcess.Call.of(NodesMain.class)
                .behind(place.prefix())
                .with("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                .start(
                        "--home",
                        fleet.toString(),
                        "--host",
                        host.value(),
                        "--name",
                        name,
                        "--count",
                        Integer.toString(count),
                        "--registry",
                        registries.stream().map(URI::toString).collect(Collectors.joining(",")));
    }

    /** The next life of all of them, after {@link #kill()}. */
    public void startAgain() throws IOException {
        if (process.process().isAlive()) {
            throw new IllegalStateException("process " + pid() + " still lives");
        }
        process = life(place, fleet, host, name, count, registries);
    }

    public long pid() {
        return process.process().pid();
    }

    public List<String> log() {
        return process.log();
    }

    public List<InstanceKey> keys() {
        return IntStream.range(0, count)
                .mapToObj(i -> new InstanceKey(host, new InstanceId(name + "-" + i)))
                .toList();
    }

    /** The last lease whose guard each of them held, as it stands on its disk; without those that never had one. */
    public Map<InstanceKey, Lease> leases() throws IOException {
        Map<InstanceKey, Lease> leases = new TreeMap<>();
        for (InstanceKey key : keys()) {
            NodeTruth.read(InstanceHome.of(fleet, key.instance()))
                    .map(NodeTruth::lease)
                    .ifPresent(lease -> leases.put(key, lease));
        }
        return leases;
    }

    /** From now on the watch wants every one of them where its disk says. */
    public void watchedBy(KernelWatch watch) throws IOException {
        leases().values().forEach(lease -> watch.watch(lease.base(), pid()));
    }

    /** Freezes all of them; the kernel keeps their guards. */
    public void pause() throws IOException, InterruptedException {
        process.signal(Signal.STOP);
    }

    public void resume() throws IOException, InterruptedException {
        process.signal(Signal.CONT);
    }

    /** SIGKILL, and waits until the process is gone: guards and gateways with it. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    /** Waits until all have begun. */
    public void hasBegun() {
        await().atMost(SOON).until(() -> process.log().contains(count + NodesMain.BEGAN));
    }

    /** Tells all to drain, and waits until they have. */
    @Override
    public void close() {
        if (process.process().isAlive()) {
            process.tell();
            try {
                if (!process.process().waitFor(90, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the nodes did not end within 90 s:\n" + String.join("\n", log()));
                }
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            } finally {
                process.close();
            }
        }
    }
}
