package io.gatefleet.bench.gatefleet;

import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/** Says to a server that does nothing what nodes say to a registry, and grants itself what it wants. */
final class EchoDoor implements Door {
    private static final long HOLE = 7_777_777_777_777L;

    private final CallerConnections connections;
    private final Template registration;
    private final Template heartbeat;

    EchoDoor(CallerConnections connections) {
        this.connections = connections;
        Seat seat = new Seat("echo", 1);
        Incarnation life = new Incarnation(1);
        this.registration = new Template(NodeWords.register(seat, new Incarnation(HOLE)), HOLE);
        this.heartbeat = new Template(
                NodeWords.heartbeat(
                        new Lease(
                                NodeWords.key(seat),
                                life,
                                Seat.POOL_FIRST,
                                Footprint.contiguous(Seat.WIDTH),
                                "openclaw-wide",
                                1,
                                LeaseState.OFFERED),
                        HOLE),
                HOLE);
    }

    @Override
    public Executor thread(int caller) {
        return connections.thread(caller);
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        return connections
                .ask(caller, HttpMethod.PUT, "/echo", registration.with(1))
                .map(answer -> new Grant(seat, Seat.base(seat.number()), seat))
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        return connections
                .ask(caller, HttpMethod.POST, "/echo", heartbeat.with(1))
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        return connections.ask(caller, HttpMethod.DELETE, "/echo", null).toCompletionStage();
    }

    @Override
    public void close() throws TimeoutException {
        connections.close();
    }
}
