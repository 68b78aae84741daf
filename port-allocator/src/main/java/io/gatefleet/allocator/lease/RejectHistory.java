package io.gatefleet.allocator.lease;

import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Rejection;
import java.util.ArrayList;
import java.util.List;

/**
 * The offers that an instance rejected in a row, in one incarnation. Forgotten when it takes one, when a newer
 * incarnation asks, and when the last port that it found busy has rested.
 */
public record RejectHistory(InstanceId instance, Incarnation incarnation, List<Rejection> rejections) {
    public RejectHistory {
        rejections = List.copyOf(rejections);
    }

    boolean knows(long fence) {
        return rejections.stream().anyMatch(rejection -> rejection.fence() == fence);
    }

    RejectHistory plus(Rejection rejection) {
        List<Rejection> more = new ArrayList<>(rejections);
        more.add(rejection);
        return new RejectHistory(instance, incarnation, more);
    }
}
