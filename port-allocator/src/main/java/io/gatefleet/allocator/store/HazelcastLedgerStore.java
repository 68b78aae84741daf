package io.gatefleet.allocator.store;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapEntries;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.InternalCompletableFuture;
import com.hazelcast.spi.impl.NodeEngine;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.runtime.Unavailable;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers of a fleet whose control plane is a cluster: each with one member, and copies with two others. In a minority
 * nothing is changed.
 */
public final class HazelcastLedgerStore implements LedgerStore {
    private static final String WHAT = "The ledger";
    private static final String SWEEPER = AllocatorVerticle.SERVICE;
    private static final int RETRY_AFTER_MILLIS = 1_000;

    /** So often a command is given again when it is not known whether all copies heard of it. */
    private static final int MOST_TRIES = 3;

    private final ClusterMember member;
    private final Vertx vertx;
    private final IMap<String, StoredLedger> ledgers;
    private final NodeEngine engine;
    private final PartitionService partitions;
    private final AskedTogether[] asked;

    /** @param member of a cluster whose other members have {@link SharedLedgers} on their class path, too */
    public HazelcastLedgerStore(ClusterMember member) {
        this.member = member;
        this.vertx = member.vertx();
        this.ledgers = member.hazelcast().getMap(SharedLedgers.MAP);
        this.engine = ((AbstractDistributedObject<?>) ledgers).getNodeEngine();
        this.partitions = member.hazelcast().getPartitionService();
        this.asked = IntStream.range(0, partitions.getPartitions().size())
                .mapToObj(partition ->
                        new AskedTogether(together -> attempt(partition, together, MOST_TRIES), System::nanoTime))
                .toArray(AskedTogether[]::new);
    }

    @Override
    public <R> Future<R> apply(HostId host, Command<R> command, LeaseRules rules) {
        // Hazelcast answers on threads of its own, where no handler may run and from which no other member may be
        // asked.
        ContextInternal context = Vertx.currentContext() instanceof ContextInternal known ? known : null;
        Promise<R> promise = context == null ? Promise.promise() : context.promise();
        Executor thread = context == null ? ForkJoinPool.commonPool() : context.nettyEventLoop();
        asked[partitions.getPartition(host.value()).getPartitionId()].add(
                new Asked<>(host, command, rules, System.nanoTime(), promise, thread));
        return promise.future().recover(cause -> Future.failedFuture(given(cause)));
    }

    private CompletionStage<List<LedgerAnswer>> attempt(int partition, List<Asked<?>> together, int left) {
        Executor thread = together.get(0).thread();
        return invoke(partition, together)
                .handleAsync(
                        (answers, failure) -> {
                            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                            if (cause == null) {
                                return CompletableFuture.completedStage(answers);
                            }
                            return left > 1 && cause instanceof IndeterminateOperationStateException
                                    ? attempt(partition, together, left - 1)
                                    : CompletableFuture.<List<LedgerAnswer>>failedStage(cause);
                        },
                        thread)
                // Where it was made: Hazelcast's futures would take another thread for each step.
                .thenComposeAsync(Function.identity(), Runnable::run);
    }

    private CompletionStage<List<LedgerAnswer>> invoke(int partition, List<Asked<?>> together) {
        LedgerTask task = new LedgerTask();
        together.forEach(one -> task.add(one.host(), one.command(), one.rules()));
        Map<String, Data> keys = new LinkedHashMap<>();
        task.hosts().forEach(host -> keys.put(host, engine.toData(host)));
        InternalCompletableFuture<MapEntries> done = engine.getOperationService()
                .createInvocationBuilder(
                        MapService.SERVICE_NAME, new LedgerOperation(Set.copyOf(keys.values()), task), partition)
                .invoke();
        return done.thenApplyAsync(written -> inOrder(together, task, keys, written), Runnable::run);
    }

    /** Each in its place: the answers come host by host. */
    private List<LedgerAnswer> inOrder(
            List<Asked<?>> together, LedgerTask task, Map<String, Data> keys, MapEntries written) {
        Map<@Nullable Data, byte[]> bytes = new HashMap<>();
        written.entries().forEach(entry -> bytes.put(entry.getKey(), engine.toObject(entry.getValue())));
        Map<String, Iterator<LedgerAnswer>> answers = new HashMap<>();
        return together.stream()
                .map(one -> answers.computeIfAbsent(
                                one.host().value(), host -> task.answers(host, bytes.get(keys.get(host)))
                                        .iterator())
                        .next())
                .toList();
    }

    @Override
    public Future<HostLedger> read(HostId host) {
        return asked(() -> ledgers.getAsync(host.value()))
                .map(stored -> stored == null ? HostLedger.empty(host) : stored.ledger())
                .recover(cause -> Future.failedFuture(given(cause)));
    }

    @Override
    public Future<Set<HostId>> hosts() {
        return vertx.executeBlocking(() -> hosts(ledgers.keySet()), false)
                .recover(cause -> Future.failedFuture(given(cause)));
    }

    @Override
    public Future<Set<HostId>> sweptHere() {
        return vertx.executeBlocking(
                        () -> {
                            if (member.with(SWEEPER).size() == member.members()) {
                                return hosts(ledgers.localKeySet());
                            }
                            Set<HostId> mine = hosts(ledgers.keySet());
                            mine.removeIf(host ->
                                    !member.sweeper(SWEEPER, host.value()).equals(Optional.of(member.id())));
                            return mine;
                        },
                        false)
                .recover(cause -> Future.failedFuture(given(cause)));
    }

    private static Set<HostId> hosts(Set<String> names) {
        Set<HostId> hosts = new TreeSet<>();
        names.forEach(name -> hosts.add(new HostId(name)));
        return hosts;
    }

    /** Back on the caller's context: Hazelcast answers on threads of its own, where no handler may run. */
    private static <T> Future<T> asked(Supplier<CompletionStage<T>> question) {
        @Nullable Context context = Vertx.currentContext();
        try {
            CompletionStage<T> stage = question.get();
            Future<T> answer =
                    context == null ? Future.fromCompletionStage(stage) : Future.fromCompletionStage(stage, context);
            return answer.recover(cause -> Future.failedFuture(
                    cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause));
        } catch (RuntimeException cause) {
            // A minority is told at once, by the thread that asks.
            return Future.failedFuture(cause);
        }
    }

    private static Throwable given(Throwable failure) {
        // Each step of a chain may have wrapped it.
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean ofTheCluster = cause instanceof HazelcastException
                || cause instanceof HazelcastInstanceNotActiveException
                || cause instanceof MemberLeftException;
        return ofTheCluster ? new Unavailable(WHAT, RETRY_AFTER_MILLIS, cause) : cause;
    }
}
