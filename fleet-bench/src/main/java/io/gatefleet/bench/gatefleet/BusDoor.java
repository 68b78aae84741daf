package io.gatefleet.bench.gatefleet;

import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.bus.Asker;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/** Gatefleet over the event bus: the exchanges about leases, as a registry asks them. */
final class BusDoor implements Door {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BusVisitor visitor;
    /** Each event loop's own. */
    private final ThreadLocal<Asker> bus;

    private final CallerContexts contexts;
    private final NodeWords words = new NodeWords();

    BusDoor(BusVisitor visitor, int mostCallers) {
        this.visitor = visitor;
        this.bus = ThreadLocal.withInitial(() -> new Asker(visitor.vertx()));
        this.contexts = new CallerContexts(visitor.vertx(), mostCallers);
    }

    @Override
    public Executor thread(int caller) {
        return contexts.of(caller);
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        return ask(Leases.ACQUIRE, seat, words.acquire(seat))
                .map(reply -> NodeWords.granted(seat, reply))
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        Lease lease = (Lease) grant.proof();
        return ask(
                        Leases.RENEW,
                        grant.seat(),
                        new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD))
                .map(NodeWords::taken)
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        Lease lease = (Lease) grant.proof();
        return ask(Leases.RELEASE, grant.seat(), new ReleaseLease(lease.holder(), lease.incarnation(), true))
                .map(NodeWords::taken)
                .toCompletionStage();
    }

    private <Q> Future<LeaseReply> ask(Exchange<Q, LeaseReply> exchange, Seat seat, Q question) {
        return bus.get().ask(visitor.keeper(seat.host()).map(exchange::of).orElse(exchange), question, TIMEOUT);
    }

    @Override
    public void close() throws TimeoutException {
        visitor.close();
    }
}
