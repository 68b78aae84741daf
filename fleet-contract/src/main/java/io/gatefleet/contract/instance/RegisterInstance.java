package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node's word to join: the body of {@code PUT /v1/instances/{host}/{instance}}.
 *
 * @param incarnation this life of the instance
 * @param flavor the gateway's family
 * @param version the gateway's version, where the node knows it before the start
 * @param layout the layout's name, for people; 1 to 60 characters
 * @param footprint the ports that the layout takes: the node resolves its layout, so that an allocator need not know the
 *     newest one
 * @param facts what the node's kernel says
 * @param claim the lease that the instance had, if any
 * @param rejected the offer that did not work, if this is the next try
 * @param address where the gateway and the node's management port can be reached, default {@code 127.0.0.1}
 * @param nodePid the node's own process
 * @param labels at most 32 pairs, keys of 1 to 63 and values of at most 128 characters
 * @param joinKey a random word of this life, 22 to 64 characters, told to registries only: who joins with a join token and
 *     does not hear the answer says the same again, and is known by it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegisterInstance(
        Incarnation incarnation,
        Flavor flavor,
        @Nullable String version,
        String layout,
        Footprint footprint,
        HostFacts facts,
        @Nullable Claim claim,
        @Nullable Rejection rejected,
        @Nullable String address,
        @Nullable Long nodePid,
        @Nullable Map<String, String> labels,
        @Nullable String joinKey) {
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final Pattern LAYOUT = Pattern.compile("[a-z0-9](?:[a-z0-9.+-]{0,58}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9:.-]{1,253}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.+_-]{1,40}");

    private static final Pattern JOIN_KEY = Pattern.compile("[A-Za-z0-9_-]{22,64}");

    /** Without a key to join with. */
    public RegisterInstance(
            Incarnation incarnation,
            Flavor flavor,
            @Nullable String version,
            String layout,
            Footprint footprint,
            HostFacts facts,
            @Nullable Claim claim,
            @Nullable Rejection rejected,
            @Nullable String address,
            @Nullable Long nodePid,
            @Nullable Map<String, String> labels) {
        this(incarnation, flavor, version, layout, footprint, facts, claim, rejected, address, nodePid, labels, null);
    }

    public RegisterInstance {
        if (joinKey != null && !JOIN_KEY.matcher(joinKey).matches()) {
            throw new BadInput("joinKey", "not shown", "22 to 64 letters, digits, '_' and '-'");
        }
        if (!LAYOUT.matcher(layout).matches()) {
            throw new BadInput("layout", layout, "1 to 60 of a-z, 0-9, '.', '+' and '-', for example openclaw-wide");
        }
        if (version != null && !VERSION.matcher(version).matches()) {
            throw new BadInput("version", version, "1 to 40 letters, digits, '.', '+', '_' and '-'");
        }
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw new BadInput("address", address, "an IP address or a host name");
        }
        if (labels != null) {
            if (labels.size() > 32) {
                throw new BadInput("labels", labels.size() + " entries", "at most 32");
            }
            labels.forEach((key, value) -> {
                checkLabelKey(key);
                if (value.length() > 128) {
                    throw new BadInput("labels." + key, value, "at most 128 characters");
                }
            });
            labels = Map.copyOf(labels);
        }
    }

    static void checkLabelKey(String key) {
        if (!LABEL_KEY.matcher(key).matches()) {
            throw new BadInput("labels key", key, "1 to 63 letters, digits, '.', '_', '/' and '-'");
        }
    }

    /** The same word without the listeners and guards that its node saw: large, and old as soon as it is said. */
    public RegisterInstance withoutFacts() {
        HostFacts few = new HostFacts(
                facts.portSpace(), List.of(), PortSet.EMPTY, facts.ephemeral(), PortSet.EMPTY, facts.nodePorts());
        return new RegisterInstance(
                incarnation,
                flavor,
                version,
                layout,
                footprint,
                few,
                claim,
                rejected,
                address,
                nodePid,
                labels,
                joinKey);
    }
}
