package io.gatefleet.bench.gatefleet;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.store.HazelcastLedgerStore;
import io.gatefleet.allocator.store.LedgerStore;
import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gatefleet's ledger itself, asked by the generator as one of the members that keep it: what the bus can reach at most. */
final class StoreDoor implements Door {
    private static final long SECONDS = 30;
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000);

    private final ClusterMember member;
    private final LedgerStore store;
    private final CallerContexts contexts;
    private final NodeWords words = new NodeWords();

    StoreDoor(ClusterMember member, int mostCallers) {
        this.member = member;
        this.store = new HazelcastLedgerStore(member);
        this.contexts = new CallerContexts(member.vertx(), mostCallers);
    }

    @Override
    public Executor thread(int caller) {
        return contexts.of(caller);
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        Command<LeaseReply> command = new Command.Acquire(words.acquire(seat), System.currentTimeMillis() / 1000);
        return apply(seat, command).map(reply -> NodeWords.granted(seat, reply)).toCompletionStage();
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        Lease lease = (Lease) grant.proof();
        return apply(
                        grant.seat(),
                        new Command.Renew(
                                new RenewLease(lease.holder(), lease.incarnation(), lease.fence(), GuardState.HELD)))
                .map(NodeWords::taken)
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        Lease lease = (Lease) grant.proof();
        return apply(grant.seat(), new Command.Release(new ReleaseLease(lease.holder(), lease.incarnation(), true)))
                .map(NodeWords::taken)
                .toCompletionStage();
    }

    private Future<LeaseReply> apply(Seat seat, Command<LeaseReply> command) {
        return store.apply(new HostId(seat.host()), command, RULES);
    }

    @Override
    public void close() throws TimeoutException {
        try {
            member.vertx().close().await(SECONDS, TimeUnit.SECONDS);
        } finally {
            member.hazelcast().getLifecycleService().terminate();
        }
    }
}
