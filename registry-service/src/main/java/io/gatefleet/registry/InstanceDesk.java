package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.instance.Registration.Pace;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.registry.instance.Hearing;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.registry.instance.Pacing;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where a node's word is dealt with, however it came: the allocator decides about ports, the book remembers, everybody is
 * told. All calls on the event loop that owns the book.
 */
final class InstanceDesk {
    private final InstanceBook book;
    private final LedgerClient ledger;
    private final Pacing pacing;
    private final News news;
    private final LongSupplier nanoTime;
    private final RegistryMeters meters;
    private int present;

    /** How long a calm node's renewal may wait for others. */
    private long spareMillis;

    InstanceDesk(
            InstanceBook book,
            LedgerClient ledger,
            Pacing pacing,
            News news,
            LongSupplier nanoTime,
            RegistryMeters meters) {
        this.book = book;
        this.ledger = ledger;
        this.pacing = pacing;
        this.news = news;
        this.nanoTime = nanoTime;
        this.meters = meters;
    }

    /** From the bus, where everybody is trusted, or by the instance's own token. */
    Future<InstanceReply> register(RegisterCall call) {
        return register(call, false);
    }

    /** @param byJoinToken whoever joins has nothing but that, and gets no name that is alive */
    Future<InstanceReply> register(RegisterCall call, boolean byJoinToken) {
        Timer.Sample since = meters.start();
        InstanceKey key = call.instance();
        RegisterInstance word = call.body();
        Optional<Refusal> objection = objection(key, word, byJoinToken, nanoTime.getAsLong());
        Future<InstanceReply> reply = objection.isPresent()
                ? Future.succeededFuture(new InstanceReply.Refused(objection.get()))
                : ledger.ask(
                                Leases.ACQUIRE,
                                key.host(),
                                new AcquireLease(
                                        key,
                                        word.incarnation(),
                                        word.layout(),
                                        word.footprint(),
                                        word.facts(),
                                        word.claim(),
                                        word.rejected()))
                        .map(answer -> joined(key, word, byJoinToken, answer));
        return reply.onSuccess(said -> meters.registered(since, RegistryMeters.outcome(said)))
                .onFailure(cause -> meters.registered(since, "failed"));
    }

    private Optional<Refusal> objection(InstanceKey key, RegisterInstance word, boolean byJoinToken, long now) {
        return byJoinToken
                ? book.nameAlive(key, word, now).or(() -> book.objection(key, word.incarnation(), now))
                : book.objection(key, word.incarnation(), now);
    }

    private InstanceReply joined(InstanceKey key, RegisterInstance word, boolean byJoinToken, LeaseReply answer) {
        if (!(answer instanceof LeaseReply.Granted granted)) {
            return refused(answer);
        }
        long now = nanoTime.getAsLong();
        // While the ledger decided, a newer life may have joined.
        Optional<Refusal> objection = objection(key, word, byJoinToken, now);
        if (objection.isPresent()) {
            return new InstanceReply.Refused(objection.get());
        }
        Lease lease = granted.lease();
        boolean fresh = book.join(key, word, lease, granted.termMillis(), now);
        book.remembered(key, now).ifPresent(news::joined);
        return new InstanceReply.Registered(
                new Registration(key, lease, pacing.of(present, granted.termMillis()), granted.known()), fresh);
    }

    Future<InstanceReply> heartbeat(HeartbeatCall call) {
        Timer.Sample since = meters.start();
        InstanceKey key = call.instance();
        Heartbeat heartbeat = call.heartbeat();
        if (heartbeat.sequence() < 0) {
            throw new BadInput("sequence", heartbeat.sequence(), "0 or more");
        }
        if (!heartbeat.lease().holder().equals(key)) {
            throw new BadInput("lease.holder", heartbeat.lease().holder(), key + ", who is speaking");
        }
        Hearing hearing = book.hear(key, heartbeat, nanoTime.getAsLong());
        Future<InstanceReply> reply;
        if (hearing instanceof Hearing.Refused refused) {
            reply = Future.succeededFuture(new InstanceReply.Refused(refused.refusal()));
        } else {
            long spare = 0;
            if (hearing instanceof Hearing.Taken taken) {
                spare = taken.calm() ? spareMillis : 0;
                // Told before the ledger answers: a node is no less alive when the allocator is silent.
                news.beat(new Beat(key, taken.flavor(), heartbeat), spare);
            }
            RenewLease renewal = new RenewLease(
                    key, heartbeat.incarnation(), heartbeat.lease().fence(), heartbeat.guard());
            reply = ledger.ask(Leases.RENEW, key.host(), renewal, spare)
                    .map(answer -> renewed(key, heartbeat.incarnation(), answer));
        }
        String late = hearing instanceof Hearing.Late ? "late" : null;
        return reply.onSuccess(said -> meters.heard(
                        since,
                        late != null && said instanceof InstanceReply.Heard ? late : RegistryMeters.outcome(said)))
                .onFailure(cause -> meters.heard(since, "failed"));
    }

    private InstanceReply renewed(InstanceKey key, Incarnation incarnation, LeaseReply answer) {
        if (answer instanceof LeaseReply.Granted granted) {
            book.renewed(key, incarnation, granted.lease());
            Pace pace = pacing.of(present, granted.termMillis());
            spareMillis = Pacing.spareMillis(present, pace);
            return new InstanceReply.Heard(new HeartbeatReply(granted.lease(), pace));
        }
        if (answer instanceof LeaseReply.Refused refused && refused.refusal() instanceof Refusal.LeaseLost lost) {
            book.leaseLost(key, incarnation, lost.fence());
        }
        return refused(answer);
    }

    Future<InstanceReply> deregister(DeregisterCall call) {
        Timer.Sample since = meters.start();
        return goodbye(call)
                .onSuccess(said -> meters.departed(since, RegistryMeters.outcome(said)))
                .onFailure(cause -> meters.departed(since, "failed"));
    }

    private Future<InstanceReply> goodbye(DeregisterCall call) {
        InstanceKey key = call.instance();
        Optional<Incarnation> registered = book.incarnation(key);
        // One that is newer than the book's joined at another registry, and its news is on the way.
        if (registered.isPresent() && registered.get().compareTo(call.incarnation()) > 0) {
            return Future.succeededFuture(
                    new InstanceReply.OtherIncarnation(key, call.incarnation(), registered.get()));
        }
        // Written down first: it said goodbye, whether the ledger can be asked now or not. Unknown to this book, it
        // may still have a lease.
        if (book.leave(key, call.incarnation(), call.portsClosed(), nanoTime.getAsLong())) {
            news.departed(new Departure(key, call.incarnation(), call.portsClosed()));
        }
        return ledger.ask(Leases.RELEASE, key.host(), new ReleaseLease(key, call.incarnation(), call.portsClosed()))
                .map(answer -> answer instanceof LeaseReply.Released released
                        ? new InstanceReply.Departed(released.wasHeld())
                        : refused(answer));
    }

    /** Looks who is still there. The pace needs no newer number than the last look's. */
    void sweep() {
        long now = nanoTime.getAsLong();
        book.sweep(now);
        present = book.present(now);
        meters.present(present);
    }

    private static InstanceReply refused(LeaseReply answer) {
        if (answer instanceof LeaseReply.Refused refused) {
            return new InstanceReply.Refused(refused.refusal());
        }
        throw new IllegalStateException("an answer to another question: " + answer);
    }
}
