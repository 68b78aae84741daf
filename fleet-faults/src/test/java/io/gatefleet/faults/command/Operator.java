package io.gatefleet.faults.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.instance.InstanceKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Somebody who asks one instance's node to do things, and looks what came of it. Ids of commands are names of their own. */
final class Operator {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final InstanceKey instance;
    private final List<URI> registries;
    private final URI aggregator;

    Operator(InstanceKey instance, List<URI> registries, URI aggregator) {
        this.instance = instance;
        this.registries = registries;
        this.aggregator = aggregator;
    }

    /** Asks, waits, and wants it done. */
    CommandView done(int registry, String name, Order order) throws IOException, InterruptedException {
        CommandView view = ended(registry, name, order);
        assertThat(view.result()).as("%s: %s", order, view).isInstanceOf(CommandResult.Done.class);
        return view;
    }

    /** Asks, and waits until it has ended, however. */
    CommandView ended(int registry, String name, Order order) throws IOException, InterruptedException {
        post(registry, name, order);
        return waitFor(registry, name);
    }

    /** Waits until what was asked has ended. */
    CommandView waitFor(int registry, String name) throws IOException, InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        CommandView view;
        do {
            HttpResponse<byte[]> found = send(get(at(registry, "/" + id(name) + "?wait=5")));
            assertThat(found.statusCode()).as(name).isEqualTo(200);
            view = Wire.LENIENT.read(found.body(), CommandView.class);
        } while (view.state() != State.ENDED && System.nanoTime() < end);
        assertThat(view.state()).as("%s", view).isEqualTo(State.ENDED);
        return view;
    }

    CommandView post(int registry, String name, Order order) throws IOException, InterruptedException {
        return post(registry, name, new WantedCommand(order, "test", "for " + name, null));
    }

    /** Asks, and waits for nothing. */
    CommandView post(int registry, String name, WantedCommand wanted) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(at(registry, ""))
                .header("content-type", "application/json")
                .header("idempotency-key", id(name).value())
                .POST(BodyPublishers.ofByteArray(Wire.STRICT.write(wanted).getBytes())));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isIn(200, 201);
        return Wire.LENIENT.read(answer.body(), CommandView.class);
    }

    /** How a command stands; empty where that registry knows none of that name. */
    Optional<CommandView> find(int registry, String name) throws IOException, InterruptedException {
        HttpResponse<byte[]> found = send(get(at(registry, "/" + id(name))));
        return found.statusCode() == 200
                ? Optional.of(Wire.LENIENT.read(found.body(), CommandView.class))
                : Optional.empty();
    }

    /** What a command of this name is called on the wire. */
    static CommandId id(String name) {
        return new CommandId("test-of-" + name);
    }

    /** What came of a command that has ended. */
    static CommandResult result(CommandView view) {
        return Objects.requireNonNull(view.result(), view::toString);
    }

    /** How the aggregator sees the instance; empty where it does not, or does not answer. */
    Optional<InstanceHealth> health() throws InterruptedException {
        try {
            HttpResponse<byte[]> found = send(get(aggregator.resolve("/v1/fleet/instances/" + instance)));
            return found.statusCode() == 200
                    ? Optional.of(Wire.LENIENT.read(found.body(), InstanceHealth.class))
                    : Optional.empty();
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    /** The aggregator's problems, as it wrote them. */
    String problems() throws IOException, InterruptedException {
        return new String(send(get(aggregator.resolve("/v1/fleet/problems"))).body(), StandardCharsets.UTF_8);
    }

    /** Whether a service takes work. */
    boolean isReady(URI service) throws InterruptedException {
        try {
            return send(get(service.resolve("/readyz"))).statusCode() == 200;
        } catch (IOException silent) {
            return false;
        }
    }

    private URI at(int registry, String more) {
        return registries.get(registry).resolve("/v1/instances/" + instance + "/commands" + more);
    }

    private static HttpRequest.Builder get(URI uri) {
        return HttpRequest.newBuilder(uri);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofByteArray());
    }
}
