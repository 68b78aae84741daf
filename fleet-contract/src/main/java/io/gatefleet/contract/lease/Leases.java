package io.gatefleet.contract.lease;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;

/** The conversation about leases, served by the port-allocator. */
public final class Leases {
    public static final Exchange<AcquireLease, LeaseReply> ACQUIRE =
            new Exchange<>("fleet.lease.acquire.v1", AcquireLease.class, LeaseReply.class);

    public static final Exchange<RenewLease, LeaseReply> RENEW =
            new Exchange<>("fleet.lease.renew.v1", RenewLease.class, LeaseReply.class);

    public static final Exchange<ReleaseLease, LeaseReply> RELEASE =
            new Exchange<>("fleet.lease.release.v1", ReleaseLease.class, LeaseReply.class);

    /** A host's port space, for those who show it. */
    public static final Exchange<PortMapQuestion, PortMapReply> PORTS =
            new Exchange<>("fleet.host.ports.v1", PortMapQuestion.class, PortMapReply.class);

    /** What operators keep out of the pools: from each allocator to the others, when it changes and now and then. */
    public static final Broadcast<ReservationBook> RESERVATIONS =
            new Broadcast<>("fleet.lease.reservations.v1", ReservationBook.class);

    private Leases() {}
}
