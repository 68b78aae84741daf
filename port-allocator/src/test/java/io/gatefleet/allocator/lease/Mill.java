package io.gatefleet.allocator.lease;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A host called mill, with its ledger, its rules and its kernel, as a test wants them. */
final class Mill {
    static final HostId HOST = new HostId("mill");
    static final Footprint WIDE = Footprint.contiguous(111);
    static final Footprint DENSE = Footprint.contiguous(4);
    static final PortSpace SPACE = new PortSpace("boot-1", 4026531840L);
    static final PortSpace OTHER_SPACE = new PortSpace("boot-2", 4026531840L);
    static final long EPOCH_SECONDS = 1_795_000_000L;

    HostLedger ledger = HostLedger.empty(HOST);
    PortSet pool = PortSet.parse("18789-32767");
    boolean allowEphemeral;
    final List<ReservationView> reservations = new ArrayList<>();

    PortSpace space = SPACE;
    final List<Listener> listeners = new ArrayList<>();
    PortSet guards = PortSet.EMPTY;
    PortRange ephemeral = new PortRange(32_768, 60_999);
    PortSet reserved = PortSet.EMPTY;
    boolean nodePorts;

    LeaseRules rules() {
        return new LeaseRules(pool, allowEphemeral, reservations, 5, 30_000, 20_000, 5_000);
    }

    HostFacts facts() {
        return new HostFacts(space, listeners, guards, ephemeral, reserved, nodePorts);
    }

    <R> R run(Command<R> command) {
        Outcome<R> outcome = command.on(ledger, rules());
        ledger = outcome.ledger();
        return outcome.reply();
    }

    Ask ask(String instance) {
        return new Ask(instance);
    }

    /** A new instance asks for a wide footprint and confirms what it gets. */
    Lease confirmed(String instance) {
        return confirm(ask(instance).lease());
    }

    Lease confirm(Lease lease) {
        LeaseReply reply = renew(lease, GuardState.HELD);
        return ((LeaseReply.Granted) reply).lease();
    }

    LeaseReply renew(Lease lease, GuardState guard) {
        return run(new Command.Renew(new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), guard)));
    }

    LeaseReply release(Lease lease, boolean portsClosed) {
        return run(new Command.Release(new ReleaseLease(lease.holder(), lease.incarnation(), portsClosed)));
    }

    /** As the sweeper does it, when it has heard nothing. */
    boolean lapse(Lease lease) {
        Holding holding = ledger.holding(lease.fence()).orElseThrow();
        return run(new Command.Lapse(lease.holder().instance(), lease.fence(), holding.beats()));
    }

    void endAllRests() {
        ledger.rests().forEach(rest -> run(new Command.EndRest(rest.id())));
    }

    void reserve(String name, String ports) {
        reservations.add(new ReservationView(name, PortSet.parse(ports), ""));
    }

    void listens(int port, Listener.Reading reading) {
        listeners.add(new Listener(port, "127.0.0.1", 4711, "node", false, reading));
    }

    HostPicture picture() {
        return new HostPicture(ledger, rules(), rest -> 42_000);
    }

    /** The names and ports of all live leases, for short assertions. */
    List<String> lent() {
        return ledger.holdings().stream()
                .map(holding -> holding.instance() + " " + holding.lease().ports() + " "
                        + holding.lease().state())
                .toList();
    }

    static Claim claim(Lease lease, GuardState guard) {
        return new Claim(lease.base(), lease.footprint(), lease.fence(), guard);
    }

    /** One question, in the making. */
    final class Ask {
        private final InstanceKey holder;
        private Incarnation incarnation = new Incarnation(1);
        private Footprint footprint = WIDE;
        private @Nullable Claim claim;
        private @Nullable Rejection rejected;

        private Ask(String instance) {
            holder = new InstanceKey(HOST, new InstanceId(instance));
        }

        Ask in(long number) {
            incarnation = new Incarnation(number);
            return this;
        }

        Ask of(Footprint other) {
            footprint = other;
            return this;
        }

        Ask claims(@Nullable Claim had) {
            claim = had;
            return this;
        }

        Ask rejects(Lease offer, int... busy) {
            return rejects(offer.fence(), BusyPort.Protocol.TCP, busy);
        }

        Ask rejects(long fence, BusyPort.Protocol how, int... busy) {
            List<BusyPort> ports = Arrays.stream(busy)
                    .mapToObj(port -> new BusyPort(port, how, 4711, "thief"))
                    .toList();
            rejected = new Rejection(fence, ports);
            return this;
        }

        AcquireLease question() {
            return new AcquireLease(holder, incarnation, "openclaw-2026.7.1-wide", footprint, facts(), claim, rejected);
        }

        LeaseReply reply() {
            return run(new Command.Acquire(question(), EPOCH_SECONDS));
        }

        Lease lease() {
            return ((LeaseReply.Granted) reply()).lease();
        }

        Refusal refusal() {
            return ((LeaseReply.Refused) reply()).refusal();
        }
    }
}
