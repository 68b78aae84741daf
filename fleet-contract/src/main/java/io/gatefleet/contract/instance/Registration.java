package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a registration.
 *
 * @param instance who was registered
 * @param lease what was lent: offered, or confirmed already if a held claim was asserted
 * @param pace how the node shall go on
 * @param known ports that an operator reserved singly: what listens there is known, and no neighbour to keep away from
 * @param token the node's own, which it shows from now on and keeps to itself; null where it has one already, or none is
 *     needed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Registration(
        InstanceKey instance,
        Lease lease,
        Pace pace,
        PortSet known,
        @Nullable String token) {
    public Registration(InstanceKey instance, Lease lease, Pace pace, PortSet known) {
        this(instance, lease, pace, known, null);
    }

    public Registration withToken(String made) {
        return new Registration(instance, lease, pace, known, made);
    }

    /** Without the token itself. */
    @Override
    public String toString() {
        return "Registration[%s, %s, %s, known %s, %s]"
                .formatted(instance, lease, pace, known, token == null ? "no token" : "a token");
    }

    /**
     * How often to speak, set by the server because it grows with the fleet.
     *
     * @param beatMillis between two heartbeats
     * @param termMillis the lease lapses when nothing was heard for that long
     */
    public record Pace(long beatMillis, long termMillis) {}
}
