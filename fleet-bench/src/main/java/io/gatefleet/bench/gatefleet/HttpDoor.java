package io.gatefleet.bench.gatefleet;

import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Gatefleet as nodes reach it: registrations, heartbeats and goodbyes over HTTP, each caller with its own registry. */
final class HttpDoor implements Door {
    /** Numbers that stand in no word by chance. */
    private static final long HOLE = 7_777_777_777_777L;

    private final CallerConnections connections;
    private final AtomicLong lives = new AtomicLong();
    private final Map<Seat, Template> registrations = new ConcurrentHashMap<>();

    HttpDoor(CallerConnections connections) {
        this.connections = connections;
    }

    /** What is remembered of a lease, to speak for it. */
    private static final class Life {
        private final Lease lease;
        private final String path;
        private final Template heartbeat;
        private long sequence;

        Life(Seat seat, Lease lease) {
            this.lease = lease;
            this.path = path(seat) + "/heartbeats";
            this.heartbeat = new Template(NodeWords.heartbeat(lease, HOLE), HOLE);
        }
    }

    @Override
    public Executor thread(int caller) {
        return connections.thread(caller);
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        Template registration = registrations.computeIfAbsent(
                seat, word -> new Template(NodeWords.register(word, new Incarnation(HOLE)), HOLE));
        return connections
                .ask(caller, HttpMethod.PUT, path(seat), registration.with(lives.incrementAndGet()))
                .map(answer -> {
                    Lease lease = Wire.LENIENT.read(answer, Registration.class).lease();
                    return new Grant(seat, lease.base(), new Life(seat, lease));
                })
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        Life life = (Life) grant.proof();
        return connections
                .ask(caller, HttpMethod.POST, life.path, life.heartbeat.with(life.sequence++))
                .toCompletionStage();
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        Lease lease = ((Life) grant.proof()).lease;
        Future<Buffer> answer = connections.ask(
                caller,
                HttpMethod.DELETE,
                path(grant.seat()) + "?incarnation=" + lease.incarnation() + "&portsClosed=true",
                null);
        return answer.toCompletionStage();
    }

    private static String path(Seat seat) {
        return "/v1/instances/" + seat.host() + "/" + seat.instance();
    }

    @Override
    public void close() throws TimeoutException {
        connections.close();
    }
}
