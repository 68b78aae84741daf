package io.gatefleet.node.lease;

import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened, as a {@link LeaseKeeper} hears of it. */
public sealed interface Event {
    /**
     * The node began.
     *
     * @param standing where its own gateway stands alive, if one does
     * @param last the lease that the node's disk remembers
     */
    record Started(@Nullable Lease standing, @Nullable Lease last) implements Event {}

    /** The time of the last {@link Action.Wait} is over. */
    record Woke() implements Event {}

    /** The registry took the registration and lent a range. */
    record Registered(Lease lease, Registration.Pace pace) implements Event {}

    /** The registry answered the registration with no. */
    record RegisterRefused(No no) implements Event {}

    /** Nobody answered the registration, or with nonsense. */
    record RegisterSilent(String why) implements Event {}

    /** The range of the last {@link Action.Take} is the node's: guarded, and free where it was to be free. */
    record RangeHeld() implements Event {}

    /** Somebody else holds a part of that range; nothing of it is kept. */
    record RangeBusy(List<BusyPort> busy) implements Event {
        public RangeBusy {
            busy = List.copyOf(busy);
        }
    }

    /** The range could not be tried, for example for want of file descriptors: the node's own trouble. */
    record RangeUnavailable(String why) implements Event {}

    /** The heartbeat was taken. */
    record BeatTaken(Lease lease, Registration.Pace pace) implements Event {}

    /** The registry answered the heartbeat with no. */
    record BeatRefused(No no) implements Event {}

    /** Nobody answered the heartbeat, or with nonsense. */
    record BeatSilent(String why) implements Event {}

    /** Something about the gateway is new; {@code alive}: a process of it exists. */
    record GatewayChanged(boolean alive) implements Event {}

    /** The gateway is stopped as {@link Action.StopGateway} asked; {@code portsClosed}: no socket is left. */
    record GatewayStopped(boolean portsClosed) implements Event {}

    /** Somebody wants the node to end. */
    record StopRequested() implements Event {}

    /** The goodbye was said, or the node gave up saying it. */
    record Deregistered() implements Event {}

    /**
     * A refusal, as it came over the wire.
     *
     * @param code stable, kebab-case
     * @param detail one sentence for a person
     * @param retryAfterMillis when to ask again; 0 where that was not said
     * @param holder the lease that stands in the way, where the refusal names one
     */
    record No(
            String code,
            String detail,
            long retryAfterMillis,
            @Nullable Lease holder) {}
}
