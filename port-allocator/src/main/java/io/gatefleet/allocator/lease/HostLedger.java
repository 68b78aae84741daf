package io.gatefleet.allocator.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of one host. Immutable; changed only by a {@link Command}. Holds no time, so that it means the
 * same on every member.
 *
 * @param revision grows with every change that somebody could see
 * @param nextFence the next number to give to a lease, a rest or a recovery; 0 in a ledger that never gave one
 * @param holdings the live leases, sorted by instance
 * @param rests ports that are not lent for a while
 * @param rejects what instances could not take
 * @param portSpace what the host id stands for; null until a node spoke
 * @param portSpaceFrom who said so last
 * @param challenger another port space that was refused under this host id; null when the leases' own spoke since
 * @param recovery set while grants wait for unknown guards
 * @param foreignGuards guards for which grants have waited already, in vain
 * @param facts what the last node said, without the guards of leases that ended since
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostLedger(
        HostId host,
        long revision,
        long nextFence,
        List<Holding> holdings,
        List<Rest> rests,
        List<RejectHistory> rejects,
        @Nullable PortSpace portSpace,
        @Nullable InstanceId portSpaceFrom,
        @Nullable PortSpace challenger,
        @Nullable Recovery recovery,
        PortSet foreignGuards,
        @Nullable HostFacts facts) {
    public HostLedger {
        // No copy where the list is immutable already, so a change of one lease does not pay for all.
        holdings = List.copyOf(holdings);
        rests = List.copyOf(rests);
        rejects = List.copyOf(rejects);
    }

    /** The ledger of a host that nobody spoke of yet. */
    public static HostLedger empty(HostId host) {
        return new HostLedger(host, 0, 0, List.of(), List.of(), List.of(), null, null, null, null, PortSet.EMPTY, null);
    }

    /** The live lease of an instance. */
    public Optional<Holding> holding(InstanceId instance) {
        int index = indexOf(holdings, instance);
        return index < 0 ? Optional.empty() : Optional.of(holdings.get(index));
    }

    /** The live lease with that fence. */
    public Optional<Holding> holding(long fence) {
        return holdings.stream()
                .filter(holding -> holding.lease().fence() == fence)
                .findFirst();
    }

    LedgerDraft draft() {
        return new LedgerDraft(this);
    }

    /** Where the instance stands in the sorted list, or {@code -(where it would) - 1}. */
    static int indexOf(List<Holding> sorted, InstanceId instance) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted.get(middle).instance().compareTo(instance);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
