package io.gatefleet.contract.instance;

import io.gatefleet.contract.lease.Lease;
import java.util.Optional;

/** A heartbeat on its way through the control plane: who, and what it said. Handed on to the health-aggregators. */
public record Beat(InstanceKey instance, Flavor flavor, Heartbeat heartbeat) implements Announcement {
    /** Before the first sequence number of every node: any heartbeat is newer. */
    private static final long BEFORE_THE_FIRST = -1;

    @Override
    public Optional<Beat> asBeat() {
        return Optional.of(this);
    }

    /** What is told of an instance that has just joined: nothing is known of its gateway but that it is wanted. */
    public static Beat ofRegistration(InstanceKey instance, Flavor flavor, Lease lease) {
        return new Beat(
                instance,
                flavor,
                new Heartbeat(
                        lease.incarnation(),
                        BEFORE_THE_FIRST,
                        GuardState.MISSING,
                        lease,
                        GatewayReport.none(GatewayState.STARTING),
                        null));
    }
}
