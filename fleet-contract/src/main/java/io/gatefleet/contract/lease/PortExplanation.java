package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import org.jspecify.annotations.Nullable;

/**
 * Who has a port, and why.
 *
 * @param use what the port is
 * @param sentence the same for a person
 * @param role what it is in the lease's layout, for example {@code cdp 3}
 * @param listener who listens there, or whose footprint it lies in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PortExplanation(
        HostId host,
        int port,
        Use use,
        String sentence,
        @Nullable Lease lease,
        @Nullable String role,
        @Nullable RestView rest,
        @Nullable ReservationView reservation,
        @Nullable Listener listener) {
    /** What a port can be. */
    public enum Use {
        @JsonProperty("lease")
        LEASE,
        @JsonProperty("rest")
        REST,
        @JsonProperty("reservation")
        RESERVATION,
        /** Somebody that Gatefleet does not run listens there, or may come to. */
        @JsonProperty("foreign")
        FOREIGN,
        /** A guard stands there that the ledger does not know. */
        @JsonProperty("guard")
        GUARD,
        /** In the kernel's ephemeral or reserved ranges. */
        @JsonProperty("kernel")
        KERNEL,
        @JsonProperty("free")
        FREE,
        @JsonProperty("outside-pool")
        OUTSIDE_POOL
    }
}
