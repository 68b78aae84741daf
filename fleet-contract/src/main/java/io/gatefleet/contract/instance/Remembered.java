package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import java.util.Optional;
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
        long heardMillisAgo)
        implements Announcement {
    /**
     * What is known of its gateway when it has just joined: nothing but that it is wanted. Empty when its node said more
     * since; and of a gateway that was there before, of which its node knows more, and says so within a beat.
     */
    @Override
    public Optional<Beat> asBeat() {
        Claim claim = word.claim();
        boolean gatewayMayLive =
                claim != null && (claim.guard() == GuardState.HELD || Boolean.TRUE.equals(claim.standing()));
        return lease == null || sequence >= 0 || gatewayMayLive
                ? Optional.empty()
                : Optional.of(Beat.ofRegistration(instance, word.flavor(), lease));
    }
}
