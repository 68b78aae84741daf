package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Lease;
import org.jspecify.annotations.Nullable;

/**
 * An instance as one registry remembers it, told to the others: when it joined, and to members that have just started.
 *
 * @param word what its node said when it joined, without the facts of its kernel
 * @param lease null when it has none
 * @param termMillis it is present until it was silent for that long
 * @param sequence of the last heartbeat; -1 before the first
 * @param departed whether it said goodbye
 * @param report the last word about its gateway
 * @param heardMillisAgo age of the last word of its node
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Remembered(
        InstanceKey instance,
        RegisterInstance word,
        @Nullable Lease lease,
        long termMillis,
        long sequence,
        boolean departed,
        GatewayReport report,
        long heardMillisAgo) {}
