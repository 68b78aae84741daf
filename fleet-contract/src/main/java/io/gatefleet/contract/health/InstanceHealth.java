package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance with its verdict and the three signals behind it, kept apart.
 *
 * @param node first signal: the node's word
 * @param gateway second and third: the process, and the probe in it
 * @param flapScore 0 to 1: weighted changes of state among the last 21 checks
 * @param labels as its node said when it joined; null: the aggregator was not told yet, or is of the first version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceHealth(
        InstanceKey key,
        Flavor flavor,
        Verdict verdict,
        NodeSignal node,
        GatewayReport gateway,
        @Nullable Lease lease,
        double flapScore,
        boolean flapping,
        @Nullable Map<String, String> labels)
        implements FleetItem {
    public InstanceHealth {
        labels = labels == null ? null : Map.copyOf(labels);
    }

    /**
     * What is known of the node.
     *
     * @param heardMillisAgo age of its last heartbeat
     * @param suspect silent for longer than it should be
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NodeSignal(
            long heardMillisAgo,
            boolean suspect,
            GuardState guard,
            @Nullable Long residentBytes) {}
}
