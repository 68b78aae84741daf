package io.gatefleet.contract.lease;

import io.gatefleet.contract.BadInput;
import java.util.List;

/**
 * An offer that the node could not take, and why.
 *
 * @param fence of the offer
 * @param busy the ports that were not free, 1 to 512
 */
public record Rejection(long fence, List<BusyPort> busy) {
    public Rejection {
        if (busy.isEmpty() || busy.size() > 512) {
            throw new BadInput("rejected.busy", busy.size() + " entries", "1 to 512");
        }
        busy = List.copyOf(busy);
    }
}
