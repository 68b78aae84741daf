package io.gatefleet.bench.gatefleet;

import com.hazelcast.map.IMap;
import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Says to a {@link BareMap} what is said to a ledger, as one of the members that keep it, and grants itself what it wants. */
final class BareMapDoor implements Door {
    private static final long SECONDS = 30;

    private final ClusterMember member;
    private final IMap<String, Long> map;

    BareMapDoor(ClusterMember member) {
        this.member = member;
        this.map = member.hazelcast().getMap(BareMap.NAME);
    }

    @Override
    public Executor thread(int caller) {
        return Runnable::run;
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        return change(seat).thenApply(count -> new Grant(seat, Seat.base(seat.number()), count));
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        return change(grant.seat());
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        return change(grant.seat());
    }

    private CompletionStage<Long> change(Seat seat) {
        return map.submitToKey(seat.host(), new BareMap.CountUp());
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
