package io.gatefleet.faults.nemesis;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Instances that come, come again in a new life, confirm or say goodbye, as fast as they are told to and no faster. Each
 * caller has instances of its own and asks one question at a time. Lives on one event loop.
 */
final class LedgerLoad {
    private static final long ANSWER_MILLIS = 2_500;
    private static final int PAUSE_MILLIS = 250;
    private static final Footprint WIDE = Footprint.contiguous(111);

    private final Vertx vertx;
    private final HttpClient client;
    private final List<URI> registries;
    private final List<Caller> callers = new ArrayList<>();
    private final double millisBetween;
    private final List<Future<?>> ends = new ArrayList<>();
    private volatile boolean going = true;

    private final AtomicLong grants = new AtomicLong();
    private final AtomicLong beats = new AtomicLong();
    private final AtomicLong releases = new AtomicLong();
    private final AtomicLong silent = new AtomicLong();
    private final Map<String, Long> refused = new TreeMap<>();

    LedgerLoad(Vertx vertx, List<URI> registries, int hosts, int slots, int callers, int rate) {
        this.vertx = vertx;
        this.registries = List.copyOf(registries);
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(1_000).setKeepAliveTimeout(30),
                new PoolOptions().setHttp1MaxSize(callers));
        this.millisBetween = 1000.0 * callers / rate;
        for (int caller = 0; caller < callers; caller++) {
            this.callers.add(new Caller(caller));
        }
        for (int host = 0; host < hosts; host++) {
            for (int slot = 0; slot < slots; slot++) {
                InstanceKey key = new InstanceKey(new HostId("field-" + host), new InstanceId("slot-" + slot));
                this.callers.get((host * slots + slot) % callers).slots.add(new Slot(key));
            }
        }
    }

    void begin() {
        vertx.runOnContext(now -> callers.forEach(caller -> ends.add(caller.lives())));
    }

    /** Done when every instance has said goodbye, or nobody answered it. */
    Future<?> end() {
        going = false;
        return Future.join(List.copyOf(ends));
    }

    /** From any thread. */
    Words.Load count() {
        synchronized (refused) {
            return new Words.Load(grants.get(), beats.get(), releases.get(), Map.copyOf(refused), silent.get());
        }
    }

    /** One instance. */
    private static final class Slot {
        final InstanceKey key;
        final HostFacts facts;
        long incarnation = System.currentTimeMillis();
        long sequence;

        @Nullable
        Lease lease;

        /** What it had when it was told that nobody knows it. */
        @Nullable
        Claim claim;

        Slot(InstanceKey key) {
            this.key = key;
            this.facts = HostFacts.bare(new PortSpace("boot-of-" + key.host(), 1));
        }
    }

    private final class Caller {
        private final Promise<Void> ended = Promise.promise();
        private final List<Slot> slots = new ArrayList<>();
        private int registry;
        private int turn;
        private long due = System.nanoTime();

        Caller(int number) {
            this.registry = number % registries.size();
            this.turn = number;
        }

        /** From now on, until it shall end; done when its instances have said goodbye. */
        Future<?> lives() {
            live();
            return ended.future();
        }

        /** No life waits for the next one's end: thousands would, and all end at once, one within the other. */
        private void live() {
            if (!going) {
                goodbyes(0).onComplete(all -> ended.complete());
                return;
            }
            Slot slot = slots.get(Math.floorMod(turn++, slots.size()));
            // One life of four is confirmed and ends with a goodbye; the next one of the instance takes the place of
            // the others.
            boolean whole = turn / slots.size() % 4 == 0;
            come(slot)
                    .compose(came -> came && whole ? confirm(slot) : Future.succeededFuture(came))
                    .compose(known -> known && whole ? leave(slot) : Future.succeededFuture(known))
                    .compose(went -> pause(went ? 0 : PAUSE_MILLIS))
                    .onSuccess(rested -> live())
                    .onFailure(ended::fail);
        }

        private Future<?> goodbyes(int from) {
            return from == slots.size()
                    ? Future.succeededFuture()
                    : leave(slots.get(from)).compose(gone -> goodbyes(from + 1));
        }

        private Future<?> pause(long least) {
            due = Math.max(due + (long) (millisBetween * 1e6), System.nanoTime() - 1_000_000_000L);
            long millis = Math.max(least, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()));
            // A timer too when there is no time to lose: a life calls the next one, and the stack would grow.
            return vertx.timer(Math.max(1, millis));
        }

        private Future<Boolean> come(Slot slot) {
            slot.incarnation++;
            RegisterInstance word = new RegisterInstance(
                    new Incarnation(slot.incarnation),
                    Flavor.SIMULATED,
                    null,
                    "simulated-wide",
                    WIDE,
                    slot.facts,
                    slot.claim,
                    null,
                    null,
                    null,
                    null);
            return ask(HttpMethod.PUT, slot, "", Wire.STRICT.write(word)).map(answer -> {
                slot.claim = null;
                if (answer.status / 100 != 2) {
                    return false;
                }
                slot.lease = Wire.LENIENT.read(answer.body, Registration.class).lease();
                slot.sequence = 0;
                grants.incrementAndGet();
                return true;
            });
        }

        private Future<Boolean> confirm(Slot slot) {
            Lease lease = slot.lease;
            if (lease == null) {
                return Future.succeededFuture(false);
            }
            Heartbeat word = new Heartbeat(
                    lease.incarnation(),
                    ++slot.sequence,
                    GuardState.HELD,
                    lease,
                    GatewayReport.none(GatewayState.RUNNING),
                    null);
            return ask(HttpMethod.POST, slot, "/heartbeats", Wire.STRICT.write(word))
                    .map(answer -> {
                        if (answer.status / 100 == 2) {
                            slot.lease = Wire.LENIENT
                                    .read(answer.body, HeartbeatReply.class)
                                    .lease();
                            beats.incrementAndGet();
                            return true;
                        }
                        if (answer.status == 404 || answer.status == 409) {
                            slot.claim = new Claim(lease.base(), lease.footprint(), lease.fence(), GuardState.HELD);
                            slot.lease = null;
                        }
                        return false;
                    });
        }

        private Future<Boolean> leave(Slot slot) {
            if (slot.lease == null) {
                return Future.succeededFuture(true);
            }
            String query = "?incarnation=" + slot.incarnation + "&portsClosed=true";
            return ask(HttpMethod.DELETE, slot, query, null).map(answer -> {
                if (answer.status / 100 == 2) {
                    slot.lease = null;
                    releases.incrementAndGet();
                    return true;
                }
                return false;
            });
        }

        private record Answer(int status, Buffer body) {}

        /** Never fails; without an answer the next question goes to the next registry. */
        private Future<Answer> ask(HttpMethod method, Slot slot, String rest, @Nullable Buffer body) {
            URI asked = registries.get(registry);
            RequestOptions options = new RequestOptions()
                    .setMethod(method)
                    .setHost(asked.getHost())
                    .setPort(asked.getPort())
                    .setURI("/v1/instances/" + slot.key.host() + "/" + slot.key.instance() + rest)
                    .setTimeout(ANSWER_MILLIS)
                    .putHeader("content-type", "application/json");
            return client.request(options)
                    .compose(request -> send(request, body))
                    .timeout(ANSWER_MILLIS + 500, TimeUnit.MILLISECONDS)
                    .otherwise(cause -> new Answer(0, Buffer.buffer()))
                    .onSuccess(this::count);
        }

        private static Future<Answer> send(HttpClientRequest request, @Nullable Buffer body) {
            return (body == null ? request.send() : request.send(body))
                    .compose(response -> response.body().map(read -> new Answer(response.statusCode(), read)));
        }

        private void count(Answer answer) {
            if (answer.status == 0) {
                silent.incrementAndGet();
                registry = (registry + 1) % registries.size();
            } else if (answer.status / 100 != 2) {
                String code = answer.body.length() == 0
                        ? String.valueOf(answer.status)
                        : Wire.LENIENT.read(answer.body, Problem.class).code();
                synchronized (refused) {
                    refused.merge(code, 1L, Long::sum);
                }
                if (answer.status == 503) {
                    registry = (registry + 1) % registries.size();
                }
            }
        }
    }
}
