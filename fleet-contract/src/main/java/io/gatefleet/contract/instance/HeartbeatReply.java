package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Lease;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a heartbeat that was taken.
 *
 * @param lease as the ledger has it now
 * @param pace how to go on
 * @param token to show from now on, because the key that sealed the last one is being replaced; mostly null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeartbeatReply(
        Lease lease, Registration.Pace pace, @Nullable String token) {
    public HeartbeatReply(Lease lease, Registration.Pace pace) {
        this(lease, pace, null);
    }

    public HeartbeatReply withToken(String made) {
        return new HeartbeatReply(lease, pace, made);
    }

    /** Without the token itself. */
    @Override
    public String toString() {
        return "HeartbeatReply[%s, %s, %s]".formatted(lease, pace, token == null ? "no token" : "a token");
    }
}
