package io.gatefleet.health.life;

import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.Lease;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whoever speaks to the registry as nodes do, whichever way. */
interface Speaker {
    /**
     * What came back.
     *
     * @param what {@code registered heard departed other-incarnation bad-input}, or a refusal's code
     * @param lease where one was lent or kept
     * @param detail for people
     */
    record Said(String what, @Nullable Lease lease, String detail) {
        Lease granted() {
            return Objects.requireNonNull(lease, () -> what + ": " + detail);
        }
    }

    Said register(InstanceKey key, RegisterInstance word);

    Said heartbeat(InstanceKey key, Heartbeat word);

    Said deregister(InstanceKey key, Incarnation incarnation, boolean portsClosed);

    /** Registers with something that is no registration. */
    Said registerWith(InstanceKey key, String text);

    /** Registers, and goes away before the answer comes. */
    void registerAndGoAway(InstanceKey key, RegisterInstance word);
}
