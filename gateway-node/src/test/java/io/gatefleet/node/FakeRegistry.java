package io.gatefleet.node;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Problems;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that does what a test says, over real HTTP. Unless told otherwise it asserts what is asserted, and lends
 * the ranges that it was given, in turn.
 */
final class FakeRegistry implements AutoCloseable {
    static final Registration.Pace PACE = new Registration.Pace(200, 2_000);

    /** What it can do with a request. */
    sealed interface Answer {
        record Json(int status, Object body) implements Answer {}

        record No(Problem problem) implements Answer {}

        record Text(int status, String type, String body) implements Answer {}

        /** Takes the request and never answers. */
        record Hang() implements Answer {}

        /** Answers with the next command, when there is one. */
        record Await() implements Answer {}

        /** A head, and then one byte every 100 ms for ever. */
        record Drip() implements Answer {}

        /** Closes the connection in the middle. */
        record Break() implements Answer {}
    }

    final List<RegisterInstance> registrations = new CopyOnWriteArrayList<>();
    final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();
    final List<String> goodbyes = new CopyOnWriteArrayList<>();
    volatile BiFunction<InstanceKey, RegisterInstance, Answer> onRegister = this::lend;
    volatile BiFunction<InstanceKey, Heartbeat, Answer> onHeartbeat = this::renew;
    final List<String> results = new CopyOnWriteArrayList<>();
    final AtomicLong nexts = new AtomicLong();
    volatile Function<String, Answer> onNext = query -> new Answer.Await();
    volatile Function<CommandResult, Answer> onResult = result -> new Answer.Text(204, "", "");
    volatile Function<String, Answer> onGoodbye = query -> new Answer.Text(204, "", "");

    private final List<Integer> bases;
    private final AtomicLong fence = new AtomicLong(100);
    private final AtomicLong next = new AtomicLong();
    private final Queue<Command> queued = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable HttpServerRequest> waiting = new AtomicReference<>();
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private int port;

    FakeRegistry(Integer... bases) throws TimeoutException {
        this.bases = List.of(bases);
        server = open(0);
        port = server.actualPort();
    }

    private HttpServer open(int where) throws TimeoutException {
        return vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> serve(request, body)))
                .listen(where, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** From now on nobody listens there. */
    void shut() throws TimeoutException {
        server.close().await(10, TimeUnit.SECONDS);
    }

    void reopen() throws TimeoutException {
        server = open(port);
    }

    private void serve(HttpServerRequest request, Buffer body) {
        String[] path = request.path().split("/", -1);
        InstanceKey key = new InstanceKey(new HostId(path[3]), new InstanceId(path[4]));
        if (path.length > 5 && path[5].equals("commands")) {
            serveCommands(request, path, body);
        } else if (request.method().equals(HttpMethod.PUT)) {
            RegisterInstance word = Wire.STRICT.read(body, RegisterInstance.class);
            registrations.add(word);
            answer(request, onRegister.apply(key, word));
        } else if (request.method().equals(HttpMethod.POST)) {
            Heartbeat word = Wire.STRICT.read(body, Heartbeat.class);
            heartbeats.add(word);
            answer(request, onHeartbeat.apply(key, word));
        } else {
            goodbyes.add(request.query());
            answer(request, onGoodbye.apply(request.query()));
        }
    }

    private void serveCommands(HttpServerRequest request, String[] path, Buffer body) {
        if (path[6].equals("next")) {
            nexts.incrementAndGet();
            answer(request, onNext.apply(request.query()));
        } else {
            CommandResult result = Wire.STRICT.read(body, CommandResult.class);
            Answer answer = onResult.apply(result);
            if (!(answer instanceof Answer.Hang)) {
                results.add(path[6] + " " + result.outcome() + ": " + result.said());
            }
            answer(request, answer);
        }
    }

    /** Whether a node's request is open here. */
    boolean waits() {
        return waiting.get() != null;
    }

    /** Hands out a command on the request that waits, or on the next one. */
    void command(Command command) {
        HttpServerRequest open = waiting.getAndSet(null);
        if (open == null || open.response().closed()) {
            queued.add(command);
        } else {
            answer(open, new Answer.Json(200, command));
        }
    }

    private void answer(HttpServerRequest request, Answer answer) {
        var response = request.response();
        if (answer instanceof Answer.Json json) {
            response.setStatusCode(json.status())
                    .putHeader("Content-Type", "application/json")
                    .end(Wire.STRICT.write(json.body()));
        } else if (answer instanceof Answer.No no) {
            response.setStatusCode(no.problem().status())
                    .putHeader("Content-Type", Problem.MEDIA_TYPE)
                    .end(Wire.STRICT.write(no.problem()));
        } else if (answer instanceof Answer.Text text) {
            response.setStatusCode(text.status())
                    .putHeader("Content-Type", text.type())
                    .end(text.body());
        } else if (answer instanceof Answer.Await) {
            Command next = queued.poll();
            if (next != null) {
                answer(request, new Answer.Json(200, next));
            } else {
                waiting.set(request);
            }
        } else if (answer instanceof Answer.Drip) {
            response.setChunked(true).putHeader("Content-Type", "application/json");
            vertx.setPeriodic(0, 100, tick -> {
                if (response.closed()) {
                    vertx.cancelTimer(tick);
                } else {
                    response.write(" ");
                }
            });
        } else if (answer instanceof Answer.Break) {
            request.connection().close();
        }
    }

    static Answer no(Refusal refusal) {
        return new Answer.No(Problems.of(refusal));
    }

    Answer lend(InstanceKey key, RegisterInstance word) {
        Claim claim = word.claim();
        if (claim != null && claim.guard() == GuardState.HELD) {
            return lend(key, word, claim.base(), claim.fence(), LeaseState.CONFIRMED);
        }
        int base = claim != null && word.rejected() == null
                ? claim.base()
                : bases.get((int) Math.min(next.getAndIncrement(), bases.size() - 1));
        return lend(key, word, base, fence.incrementAndGet(), LeaseState.OFFERED);
    }

    static Answer lend(InstanceKey key, RegisterInstance word, int base, long fence, LeaseState state) {
        Lease lease = new Lease(key, word.incarnation(), base, word.footprint(), word.layout(), fence, state);
        return new Answer.Json(201, new Registration(key, lease, PACE, PortSet.EMPTY));
    }

    Answer renew(InstanceKey key, Heartbeat word) {
        LeaseState state = word.guard() == GuardState.HELD ? LeaseState.CONFIRMED : LeaseState.OFFERED;
        return new Answer.Json(200, new HeartbeatReply(word.lease().in(state), PACE));
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
