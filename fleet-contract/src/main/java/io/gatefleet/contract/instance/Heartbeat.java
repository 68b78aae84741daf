package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A node's word to stay: I live, my guard is held, my gateway is in this state. Renews the lease too. Sent every pace
 * and at once on any change of state.
 *
 * @param incarnation of the sender
 * @param sequence 0 or more; grows by one with each heartbeat of an incarnation, so that a late one is told from a new
 *     one
 * @param guard whether the whole lease is guarded; {@code held} confirms an offered lease
 * @param lease the whole lease, so that an empty control plane can learn it
 * @param gateway process and probe
 * @param nodeResidentBytes the node's own memory; null while unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Heartbeat(
        Incarnation incarnation,
        long sequence,
        GuardState guard,
        Lease lease,
        GatewayReport gateway,
        @Nullable Long nodeResidentBytes) {}
