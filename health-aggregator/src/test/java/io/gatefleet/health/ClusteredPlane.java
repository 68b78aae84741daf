package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.history.Event;
import io.gatefleet.history.Line;
import io.gatefleet.registry.RegistryMain;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane of JVMs that write down what they decide: three allocators and two registries, one cluster. */
final class ClusteredPlane implements AutoCloseable {
    static final Duration TERM = Duration.ofSeconds(8);

    private static final int ALLOCATORS = 3;
    private static final int MEMBERS = 5;
    private static final Duration SOON = Duration.ofSeconds(90);

    private final Path home;
    private final HttpClient client;
    private final List<Integer> ports = FreePorts.of(3 * MEMBERS);
    private final List<ServiceJvm> members = new ArrayList<>();

    /** @param home gets a directory {@code journal} */
    ClusteredPlane(Path home, HttpClient client) {
        this.home = home;
        this.client = client;
    }

    /** Starts the members that do not live, all at once, and waits until each would take work. */
    void start() throws IOException {
        for (int member = 0; member < MEMBERS; member++) {
            if (members.size() == member) {
                members.add(jvm(member));
            } else if (!members.get(member).process().isAlive()) {
                members.set(member, jvm(member));
            }
        }
    }

    void isReady() {
        for (int member = 0; member < MEMBERS; member++) {
            isReady(member);
        }
    }

    void isReady(int member) {
        await().atMost(SOON).until(() -> get(http(member).resolve("/readyz"))
                .filter(answer -> answer.statusCode() == 200)
                .isPresent());
    }

    /** Waits until a member knows that the others went on without it. */
    void saysThatItIsAlone(int member) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> get(http(member)
                        .resolve("/readyz"))
                .filter(answer -> answer.statusCode() == 503)
                .map(answer -> new String(answer.body(), StandardCharsets.UTF_8))
                .filter(body -> body.contains("in a minority"))
                .isPresent());
    }

    /** Waits for the first registry that takes work. */
    void isAsked() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> registries().stream()
                .anyMatch(registry -> get(registry.resolve("/readyz"))
                        .filter(answer -> answer.statusCode() == 200)
                        .isPresent()));
    }

    /** Where nodes ask: the same for all lives of the registries. */
    List<URI> registries() {
        return List.of(http(ALLOCATORS), http(ALLOCATORS + 1));
    }

    /** What a registry knows of an instance; empty where none does, or none answers. */
    Optional<InstanceView> instance(InstanceKey key) {
        return registries().stream()
                .map(registry -> registry.resolve("/v1/instances/" + key.host() + "/" + key.instance()))
                .map(this::get)
                .flatMap(Optional::stream)
                .filter(answer -> answer.statusCode() == 200)
                .map(answer -> Wire.LENIENT.read(answer.body(), InstanceView.class))
                .filter(view -> view.present())
                .findFirst();
    }

    int size() {
        return MEMBERS;
    }

    ServiceJvm member(int number) {
        return members.get(number);
    }

    /** Sends a signal to a member's process, and to no other. */
    void signal(int member, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill -" + name + " " + member(member).process().pid())
                .start()
                .waitFor();
        assertThat(code).as("kill -%s", name).isZero();
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill(int member) throws InterruptedException {
        member(member).process().destroyForcibly().waitFor();
    }

    /** Which member decided last for an instance, as it wrote down itself: the one that keeps its host's ledger. */
    int decidedFor(InstanceKey key) throws IOException {
        int decider = -1;
        long last = Long.MIN_VALUE;
        for (int member = 0; member < MEMBERS; member++) {
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

    @Override
    public void close() {
        members.forEach(ServiceJvm::close);
        for (ServiceJvm member : members) {
            member.process().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    private URI http(int member) {
        return URI.create("http://127.0.0.1:" + ports.get(2 * MEMBERS + member));
    }

    private Path journal(int member) {
        return home.resolve("journal").resolve("member-" + member + ".jsonl");
    }

    private ServiceJvm jvm(int member) throws IOException {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            others.add("127.0.0.1:" + ports.get(2 * i));
        }
        List<String> options = new ArrayList<>(List.of(
                "--http-port",
                ports.get(2 * MEMBERS + member).toString(),
                "--cluster-name",
                "test-" + ports.get(0),
                "--cluster-members",
                String.join(",", others),
                "--cluster-port",
                ports.get(2 * member).toString(),
                "--cluster-bus-port",
                ports.get(2 * member + 1).toString(),
                "--journal",
                journal(member).toString()));
        if (member >= ALLOCATORS) {
            return ServiceJvm.start(RegistryMain.class, ServiceJvm.classPath(), List.of(), options);
        }
        options.addAll(List.of(
                "--term",
                TERM.toString(),
                "--rest-released",
                "PT2S",
                "--reservations",
                home.resolve("reservations-" + member).toString()));
        return ServiceJvm.start(AllocatorMain.class, ServiceJvm.classPath(), List.of(), options);
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
