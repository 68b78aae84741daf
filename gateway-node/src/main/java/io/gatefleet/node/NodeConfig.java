package io.gatefleet.node;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.node.gateway.GatewayConfig;
import io.gatefleet.node.lease.RetryTimes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway-node is told.
 *
 * @param home the fleet's directory; the instance's own stands inside it
 * @param host the port space that the instance stands in
 * @param instance which slot it fills
 * @param gateway what runs in the slot
 * @param registries where the control plane answers, {@code http://HOST:PORT}; at least one
 * @param address where others reach the gateway; null: 127.0.0.1
 * @param labels for selecting, at most 32
 * @param retry how patient the node is with the control plane and with others' guards
 * @param times of the node's own work
 * @param proof how the node shows who it is, and how it knows its control plane
 */
public record NodeConfig(
        Path home,
        HostId host,
        InstanceId instance,
        GatewayConfig gateway,
        List<URI> registries,
        @Nullable String address,
        Map<String, String> labels,
        RetryTimes retry,
        Times times,
        Proof proof) {
    /** For a control plane on this machine that asks for no tokens. */
    public NodeConfig(
            Path home,
            HostId host,
            InstanceId instance,
            GatewayConfig gateway,
            List<URI> registries,
            @Nullable String address,
            Map<String, String> labels,
            RetryTimes retry,
            Times times) {
        this(home, host, instance, gateway, registries, address, labels, retry, times, Proof.NONE);
    }

    public NodeConfig {
        home = home.toAbsolutePath().normalize();
        registries = List.copyOf(registries);
        labels = Map.copyOf(labels);
        if (registries.isEmpty()) {
            throw new BadInput("registry", "", "at least one URL, for example http://127.0.0.1:7800");
        }
        for (URI registry : registries) {
            boolean http = "http".equals(registry.getScheme()) || "https".equals(registry.getScheme());
            if (!http
                    || registry.getHost() == null
                    || registry.getRawQuery() != null
                    || registry.getUserInfo() != null) {
                throw new BadInput("registry", registry, "http://HOST:PORT or https://HOST:PORT");
            }
        }
    }

    public InstanceKey key() {
        return new InstanceKey(host, instance);
    }

    /**
     * The registries in the order in which they are tried: each instance begins at another one, the same in all its lives.
     * Otherwise one would have the words of the whole fleet, and all of them at once after an outage.
     */
    public List<URI> registriesInTurn() {
        List<URI> turn = new ArrayList<>(registries);
        Collections.rotate(turn, Math.floorMod(key().toString().hashCode(), turn.size()));
        return turn;
    }

    public NodeConfig withProof(Proof other) {
        return new NodeConfig(home, host, instance, gateway, registries, address, labels, retry, times, other);
    }

    /**
     * Files, so that no secret is in an argument or a variable.
     *
     * @param joinToken holds the fleet's join token; null: none is needed
     * @param authorities PEM certificates of those who vouch for registries; null: those that the JVM knows
     */
    public record Proof(@Nullable Path joinToken, @Nullable Path authorities) {
        public static final Proof NONE = new Proof(null, null);
    }

    /**
     * The pace of the node's own work.
     *
     * @param answer the control plane must answer within this, headers and body
     * @param audit between two comparisons of who listens with who may
     * @param goodbye how long the node tries to say goodbye before it ends without
     * @param restart pause before a gateway that could not be started at all is tried again
     */
    public record Times(Duration answer, Duration audit, Duration goodbye, Duration restart) {
        public Times {
            for (Duration time : List.of(answer, audit, goodbye, restart)) {
                if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofMinutes(10)) > 0) {
                    throw new BadInput("times", time, "more than 0, at most 10 minutes");
                }
            }
        }

        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(15));
        }
    }
}
