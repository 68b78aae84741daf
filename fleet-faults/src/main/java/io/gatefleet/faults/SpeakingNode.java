package io.gatefleet.faults;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node says over HTTP, without a gateway: tries one registry after the other, each once, as nodes do. */
public final class SpeakingNode {
    private static final Duration ANSWER = Duration.ofMillis(2_500);

    private final HttpClient client;
    private final List<URI> registries;
    private final InstanceKey key;
    private final Incarnation incarnation;
    private final Supplier<HostFacts> facts;
    private @Nullable Lease lease;
    private long sequence;

    /** Of a host that it makes up. */
    public SpeakingNode(HttpClient client, List<URI> registries, InstanceKey key) {
        this(
                client,
                registries,
                key,
                new Incarnation(1),
                () -> HostFacts.bare(new PortSpace("boot-of-" + key.host(), 1)));
    }

    public SpeakingNode(
            HttpClient client,
            List<URI> registries,
            InstanceKey key,
            Incarnation incarnation,
            Supplier<HostFacts> facts) {
        this.client = client;
        this.registries = registries;
        this.key = key;
        this.incarnation = incarnation;
        this.facts = facts;
    }

    /** One of this host that sees neither listeners nor guards, and so is sent where others stand. */
    public static SpeakingNode blind(HttpClient client, List<URI> registries, InstanceKey key) {
        return new SpeakingNode(client, registries, key, new Incarnation(1), () -> {
            HostFacts seen = Kernel.facts(Set.of());
            return new HostFacts(
                    seen.portSpace(), List.of(), PortSet.EMPTY, seen.ephemeral(), seen.reserved(), seen.nodePorts());
        });
    }

    public InstanceKey key() {
        return key;
    }

    public Lease lease() {
        return Objects.requireNonNull(lease, "joined before");
    }

    /** @throws IllegalStateException with the answer if it was a refusal */
    public void join() throws InterruptedException {
        join(Map.of());
    }

    /**
     * @param labels of the instance
     * @throws IllegalStateException with the answer if it was a refusal
     */
    public void join(Map<String, String> labels) throws InterruptedException {
        RegisterInstance word = new RegisterInstance(
                incarnation,
                Flavor.SIMULATED,
                null,
                "simulated-wide",
                Footprint.contiguous(111),
                facts.get(),
                null,
                null,
                null,
                null,
                labels);
        lease = Wire.LENIENT
                .read(say("PUT", "", Wire.STRICT.write(word).getBytes()), Registration.class)
                .lease();
    }

    /** @throws IllegalStateException with the answer if it was a refusal */
    public void beat() throws InterruptedException {
        beat(GatewayReport.none(GatewayState.RUNNING));
    }

    /**
     * @param report what it says of its gateway
     * @throws IllegalStateException with the answer if it was a refusal
     */
    public void beat(GatewayReport report) throws InterruptedException {
        Heartbeat heartbeat = new Heartbeat(lease().incarnation(), ++sequence, GuardState.HELD, lease(), report, null);
        lease = Wire.LENIENT
                .read(say("POST", "/heartbeats", Wire.STRICT.write(heartbeat).getBytes()), HeartbeatReply.class)
                .lease();
    }

    /**
     * Gives the lease back, which then rests for a while.
     *
     * @throws IllegalStateException with the answer if it was a refusal
     */
    public void leave() throws InterruptedException {
        say("DELETE", "?incarnation=" + incarnation + "&portsClosed=false", new byte[0]);
    }

    private byte[] say(String method, String path, byte[] body) throws InterruptedException {
        String said = "nothing";
        int first = Math.floorMod(key.toString().hashCode(), registries.size());
        for (int i = 0; i < registries.size(); i++) {
            URI registry = registries.get((int) ((first + sequence + i) % registries.size()));
            try {
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(
                                        registry.resolve("/v1/instances/" + key.host() + "/" + key.instance() + path))
                                .timeout(ANSWER)
                                .header("content-type", "application/json")
                                .method(method, BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray());
                if (answer.statusCode() / 100 == 2) {
                    return answer.body();
                }
                said = answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
            } catch (IOException cause) {
                said = cause.toString();
            }
        }
        throw new IllegalStateException(key + " " + method + path + ": " + said);
    }
}
