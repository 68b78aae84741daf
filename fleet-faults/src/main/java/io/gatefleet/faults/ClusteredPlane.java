package io.gatefleet.faults;

import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.history.Event;
import io.gatefleet.history.Line;
import io.gatefleet.registry.RegistryMain;
import io.gatefleet.testing.FreePorts;
import io.gatefleet.testing.JavaProcess;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A control plane whose members are JVMs in one cluster that write down what they decide. Members have numbers: first the
 * allocators, then the registries. A member that is started again has its ports, its place and its journal.
 */
public final class ClusteredPlane implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(150);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final PlaneShape shape;
    private final Path home;
    private final HttpClient client;
    private final List<Integer> ports;
    private final @Nullable JavaProcess[] members;

    /**
     * Starts nothing.
     *
     * @param home gets a directory {@code journal}, with one file of each member
     */
    public ClusteredPlane(PlaneShape shape, Path home, HttpClient client) {
        this.shape = shape;
        this.home = home;
        this.client = client;
        this.ports = FreePorts.of(3 * shape.size());
        this.members = new JavaProcess[shape.size()];
    }

    /** How many members it has when all are there. */
    public int size() {
        return shape.size();
    }

    public PlaneShape shape() {
        return shape;
    }

    /** Starts the members that do not live, all at once; waits for none. */
    public void start() throws IOException {
        for (int member = 0; member < size(); member++) {
            start(member);
        }
    }

    /** Starts a member unless it lives; waits for nothing. */
    public void start(int member) throws IOException {
        if (!isAlive(member)) {
            members[member] = jvm(member);
        }
    }

    public boolean isAlive(int member) {
        JavaProcess jvm = members[member];
        return jvm != null && jvm.process().isAlive();
    }

    /** Waits until every member takes work. */
    public void isReady() {
        for (int member = 0; member < size(); member++) {
            isReady(member);
        }
    }

    /** Waits until a member takes work. */
    public void isReady(int member) {
        waitUntil(() -> saysReady(member));
    }

    /** Whether a member says now that it takes work. */
    public boolean saysReady(int member) {
        return get(http(member).resolve("/readyz"))
                .filter(answer -> answer.statusCode() == 200)
                .isPresent();
    }

    /** Waits until a member knows that the others went on without it. */
    public void saysThatItIsAlone(int member) {
        await().atMost(SOON).pollInterval(OFTEN).until(() -> get(http(member).resolve("/readyz"))
                .filter(answer -> answer.statusCode() == 503)
                .map(answer -> new String(answer.body(), StandardCharsets.UTF_8))
                .filter(body -> body.contains("in a minority"))
                .isPresent());
    }

    /** Waits for the first registry that takes work. */
    public void isAsked() {
        waitUntil(() -> IntStream.range(shape.allocators().size(), size()).anyMatch(this::saysReady));
    }

    /** Says, where it waits in vain, what the members said that have ended. */
    private void waitUntil(Callable<Boolean> well) {
        try {
            await().atMost(SOON).pollInterval(OFTEN).until(well);
        } catch (ConditionTimeoutException late) {
            String ended = IntStream.range(0, size())
                    .filter(member -> !isAlive(member))
                    .mapToObj(member -> "member " + member + ":\n"
                            + String.join("\n", member(member).log()))
                    .collect(Collectors.joining("\n"));
            throw new AssertionError("not ready within %s; ended have:%n%s".formatted(SOON, ended), late);
        }
    }

    /** Where nodes ask: the same for all lives of the registries. */
    public List<URI> registries() {
        return IntStream.range(shape.allocators().size(), size())
                .mapToObj(this::http)
                .toList();
    }

    /** Where a member answers. */
    public URI http(int member) {
        return URI.create("http://" + shape.place(member).address() + ":" + ports.get(2 * size() + member));
    }

    /** What a registry knows of an instance; empty where none does, or none answers. */
    public Optional<InstanceView> instance(InstanceKey key) {
        return registries().stream()
                .map(registry -> registry.resolve("/v1/instances/" + key.host() + "/" + key.instance()))
                .map(this::get)
                .flatMap(Optional::stream)
                .filter(answer -> answer.statusCode() == 200)
                .map(answer -> Wire.LENIENT.read(answer.body(), InstanceView.class))
                .filter(view -> view.present())
                .findFirst();
    }

    /** The ledger of a host, as the first allocator that answers shows it; asks until one does. */
    public List<Lease> leases(HostId host) {
        List<Lease> shown = new ArrayList<>();
        Insisting.on(() -> shown.addAll(leasesNow(host)));
        return shown;
    }

    private List<Lease> leasesNow(HostId host) {
        return IntStream.range(0, shape.allocators().size())
                .mapToObj(member -> get(http(member).resolve("/v1/hosts/" + host + "/leases?limit=1000")))
                .flatMap(Optional::stream)
                .filter(answer -> answer.statusCode() == 200)
                .findFirst()
                .map(answer -> Wire.LENIENT.read(answer.body(), LeasePage.class).items())
                .orElseThrow(() -> new IllegalStateException("no allocator shows the leases of " + host));
    }

    private record LeasePage(List<Lease> items) {}

    /** Whether a member that was started listens for the others: it is on its way, and need not have joined yet. */
    public boolean listensForOthers(int member) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(shape.place(member).address(), ports.get(2 * member)), (int)
                    OFTEN.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The sum of a meter's samples, by its name in a member's {@code /metrics}; NaN where it does not answer. */
    public double metric(int member, String name) {
        return get(http(member).resolve("/metrics"))
                .map(answer -> new String(answer.body(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum())
                .orElse(Double.NaN);
    }

    /** The process of a member that was started. */
    public JavaProcess member(int number) {
        JavaProcess jvm = members[number];
        if (jvm == null) {
            throw new IllegalStateException("member " + number + " was never started");
        }
        return jvm;
    }

    /** Freezes a member where it stands. */
    public void pause(int member) throws IOException, InterruptedException {
        member(member).signal(Signal.STOP);
    }

    /** Wakes one that was paused. */
    public void resume(int member) throws IOException, InterruptedException {
        member(member).signal(Signal.CONT);
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill(int member) throws InterruptedException {
        member(member).kill();
    }

    /** SIGTERM, waits until the process is gone, and starts it again; waits for nothing more. */
    public void restart(int member) throws IOException, InterruptedException {
        JavaProcess told = member(member);
        told.tell();
        if (!told.process().waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "member " + member + " did not end within 60 s:\n" + String.join("\n", told.log()));
        }
        start(member);
    }

    /** Which member decided last for an instance, as it wrote down itself: the one that keeps its host's ledger; -1: none. */
    public int decidedFor(InstanceKey key) throws IOException {
        int decider = -1;
        long last = Long.MIN_VALUE;
        for (int member = 0; member < size(); member++) {
            Path journal = journal(member);
            for (String text : Files.exists(journal) ? Files.readAllLines(journal) : List.<String>of()) {
                Line line = line(text);
                if (line != null
                        && line.event() instanceof Event.Ledger ledger
                        && ledger.holder().equals(key)
                        && line.nanos() > last) {
                    last = line.nanos();
                    decider = member;
                }
            }
        }
        return decider;
    }

    /** Null for one that was cut off when its writer was killed. */
    private static @Nullable Line line(String text) {
        try {
            return Wire.LENIENT.read(text.getBytes(StandardCharsets.UTF_8), Line.class);
        } catch (BadInput cut) {
            return null;
        }
    }

    /** SIGKILL for all that live, and waits until they are gone. */
    @Override
    public void close() {
        for (JavaProcess member : members) {
            if (member != null) {
                member.close();
            }
        }
        for (JavaProcess member : members) {
            if (member != null) {
                member.process().onExit().orTimeout(10, TimeUnit.SECONDS).join();
            }
        }
    }

    private Path journal(int member) {
        return home.resolve("journal").resolve("member-" + member + ".jsonl");
    }

    private JavaProcess jvm(int member) throws IOException {
        Place place = shape.place(member);
        List<String> everybody = IntStream.range(0, size())
                .mapToObj(other -> shape.place(other).address() + ":" + ports.get(2 * other))
                .toList();
        List<String> options = new ArrayList<>(List.of(
                "--http-host",
                place.address(),
                "--http-port",
                ports.get(2 * size() + member).toString(),
                "--cluster-name",
                "test-" + ports.get(0),
                "--cluster-host",
                place.address(),
                "--cluster-members",
                String.join(",", everybody),
                "--cluster-port",
                ports.get(2 * member).toString(),
                "--cluster-bus-port",
                ports.get(2 * member + 1).toString(),
                "--journal",
                journal(member).toString()));
        if (!shape.isAllocator(member)) {
            return call(RegistryMain.class, place).start(options);
        }
        options.addAll(List.of(
                "--term",
                shape.term().toString(),
                "--rest-released",
                shape.restReleased().toString(),
                "--reservations",
                home.resolve("reservations-" + member).toString()));
        options.addAll(shape.allocatorOptions());
        return call(AllocatorMain.class, place).start(options);
    }

    /** One that runs out of heap ends, as it does where it is deployed, and leaves behind what filled it. */
    private JavaProcess.Call call(Class<?> main, Place place) {
        return JavaProcess.Call.of(main)
                .behind(place.prefix())
                .with(
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+HeapDumpOnOutOfMemoryError",
                        "-XX:HeapDumpPath=" + home.toAbsolutePath());
    }

    private Optional<HttpResponse<byte[]>> get(URI uri) {
        try {
            return Optional.of(client.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(), BodyHandlers.ofByteArray()));
        } catch (IOException silent) {
            return Optional.empty();
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
