package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.host.HostId;
import java.util.List;
import java.util.Map;

/**
 * A host, judged by all its nodes together: when every one falls silent, the host is down and its gateways are
 * unreachable for one reason.
 *
 * @param counts instances by verdict
 */
public record HostHealth(
        HostId host, State state, String sentence, Map<Verdict.State, Integer> counts, List<InstanceHealth> instances)
        implements FleetItem {
    /** What a host can be. */
    public enum State {
        @JsonProperty("up")
        UP,
        @JsonProperty("suspect")
        SUSPECT,
        @JsonProperty("down")
        DOWN
    }
}
