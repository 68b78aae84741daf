package io.gatefleet.bench.fleet;

import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.lease.Lease;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** All nodes of the fleet, on two event loops of this process. */
final class Nodes implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final int PER_HOST = 20;
    private static final int CONNECT_MILLIS = 30_000;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Vertx vertx;
    /** Held on to: Vert.x closes the connections of a client that nobody refers to. */
    private final HttpClientAgent client;

    private final List<Context> contexts = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Counted counted = new Counted();

    /** What nodes heard, by any of the event loops. */
    private static final class Counted implements Node.Words {
        private Histogram latencies = new Histogram(1_000, LONGEST_NANOS, 2);
        private final Map<String, Integer> failures = new TreeMap<>();

        @Override
        public synchronized void heard(long nanos) {
            latencies.recordValue(Math.min(nanos, LONGEST_NANOS));
        }

        @Override
        public synchronized void failed(String why) {
            failures.merge(why.length() > 80 ? why.substring(0, 80) : why, 1, Integer::sum);
        }

        synchronized Histogram take() {
            Histogram taken = latencies;
            latencies = new Histogram(1_000, LONGEST_NANOS, 2);
            return taken;
        }

        synchronized Map<String, Integer> takeFailures() {
            Map<String, Integer> taken = new TreeMap<>(failures);
            failures.clear();
            return taken;
        }
    }

    Nodes(int count, List<URI> registries) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
        for (int loop = 0; loop < EVENT_LOOPS; loop++) {
            contexts.add(((VertxInternal) vertx).createEventLoopContext());
        }
        List<Seat> seats = Seat.of("host", (count + PER_HOST - 1) / PER_HOST, PER_HOST);
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(vertx, client, registries, seats.get(i), i, counted));
        }
    }

    /** All of them, in the order in which their hosts come by turns. */
    List<Node> all() {
        return nodes;
    }

    /**
     * All at once; each beats from its lease on. Until all have one. Blocks.
     *
     * @return from the first word of all to each one's lease, in nanoseconds
     * @throws IllegalStateException if two have a port in common
     */
    Histogram live(long beatMillis, long seconds) throws TimeoutException {
        SynchronizedHistogram times = new SynchronizedHistogram(1_000, TimeUnit.SECONDS.toNanos(seconds), 2);
        long began = System.nanoTime();
        List<Future<Lease>> joined = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            Context context = context(i);
            joined.add(Future.future(promise -> context.runOnContext(now -> node.live(beatMillis)
                    .onSuccess(lent -> times.recordValue(System.nanoTime() - began))
                    .onComplete(promise))));
        }
        Future.all(joined).await(seconds, TimeUnit.SECONDS);
        Set<String> lent = new HashSet<>();
        for (Future<Lease> one : joined) {
            Lease lease = one.result();
            lease.ports().stream().forEach(port -> {
                if (!lent.add(lease.holder().host() + ":" + port)) {
                    throw new IllegalStateException(
                            "lent twice: port " + port + " of " + lease.holder().host());
                }
            });
        }
        return times;
    }

    /** On the node's own event loop. */
    void tell(int number, Consumer<Node> what) {
        context(number).runOnContext(now -> what.accept(nodes.get(number)));
    }

    private Context context(int number) {
        return contexts.get(number % contexts.size());
    }

    /** The times to the answers since this was last asked, in nanoseconds. */
    Histogram latencies() {
        return counted.take();
    }

    /** What went wrong since this was last asked, and how often. */
    Map<String, Integer> failures() {
        return counted.takeFailures();
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(60, TimeUnit.SECONDS);
    }
}
