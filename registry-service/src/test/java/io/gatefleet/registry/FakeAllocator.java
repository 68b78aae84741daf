package io.gatefleet.registry;

import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.PortSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An allocator on the local bus that grants, refuses or keeps silent as a test tells it. Remembers what it was asked. */
final class FakeAllocator {
    static final long TERM_MILLIS = 30_000;

    private final Map<InstanceKey, Lease> leases = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Object> asked = new ConcurrentLinkedQueue<>();
    private final List<MessageConsumer<Object>> served = new ArrayList<>();
    private volatile @Nullable Refusal refusal;
    private final AtomicInteger silences = new AtomicInteger();
    private volatile boolean broken;
    private volatile long termMillis = TERM_MILLIS;
    private long fence = 100;

    Future<?> start(Vertx vertx) {
        return Future.all(
                Leases.ACQUIRE.serve(vertx.eventBus(), this::acquire).onSuccess(served::add),
                Leases.RENEW.serve(vertx.eventBus(), this::renew).onSuccess(served::add),
                Leases.RELEASE.serve(vertx.eventBus(), this::release).onSuccess(served::add));
    }

    Future<?> stop() {
        return Future.all(served.stream().map(MessageConsumer::unregister).toList());
    }

    void refuseWith(@Nullable Refusal next) {
        refusal = next;
    }

    void term(Duration term) {
        termMillis = term.toMillis();
    }

    /** Leaves that many questions without an answer. */
    void silent(int questions) {
        silences.set(questions);
    }

    void broken(boolean is) {
        broken = is;
    }

    /** Everything that was asked of that type, first first. */
    <Q> List<Q> asked(Class<Q> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Nullable
    Lease lease(InstanceKey key) {
        return leases.get(key);
    }

    void forget(InstanceKey key) {
        leases.remove(key);
    }

    private Future<LeaseReply> acquire(AcquireLease question) {
        return answer(question, () -> {
            Lease lease = leases.compute(
                    question.holder(),
                    (key, known) -> known != null && known.incarnation().equals(question.incarnation())
                            ? known
                            : new Lease(
                                    key,
                                    question.incarnation(),
                                    20_000 + 200 * (leases.size() % 200),
                                    question.footprint(),
                                    question.layout(),
                                    ++fence,
                                    LeaseState.OFFERED));
            return new LeaseReply.Granted(lease, termMillis, PortSet.EMPTY);
        });
    }

    private Future<LeaseReply> renew(RenewLease question) {
        return answer(question, () -> {
            Lease lease = leases.computeIfPresent(
                    question.holder(),
                    (key, known) -> known.fence() == question.fence() ? known.in(LeaseState.CONFIRMED) : known);
            return lease == null || lease.fence() != question.fence()
                    ? new LeaseReply.Refused(new Refusal.LeaseLost(question.holder(), question.fence()))
                    : new LeaseReply.Granted(lease, termMillis, PortSet.EMPTY);
        });
    }

    private Future<LeaseReply> release(ReleaseLease question) {
        return answer(question, () -> new LeaseReply.Released(leases.remove(question.holder()) != null));
    }

    private Future<LeaseReply> answer(Object question, Supplier<LeaseReply> granted) {
        asked.add(question);
        if (silences.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return Promise.<LeaseReply>promise().future();
        }
        if (broken) {
            return Future.failedFuture("the ledger is broken");
        }
        Refusal no = refusal;
        return Future.succeededFuture(no == null ? granted.get() : new LeaseReply.Refused(no));
    }
}
