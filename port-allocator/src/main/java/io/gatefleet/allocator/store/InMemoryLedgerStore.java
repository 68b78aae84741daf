package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.lease.Outcome;
import io.gatefleet.contract.host.HostId;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The ledgers of a fleet whose control plane is one process. */
public final class InMemoryLedgerStore implements LedgerStore {
    private final ConcurrentHashMap<HostId, HostLedger> ledgers = new ConcurrentHashMap<>();
    private final DecisionLog decisions;

    public InMemoryLedgerStore() {
        this(DecisionLog.NONE);
    }

    /** @param decisions hears of every decision */
    public InMemoryLedgerStore(DecisionLog decisions) {
        this.decisions = decisions;
    }

    @Override
    public <R> Future<R> apply(HostId host, Command<R> command, LeaseRules rules) {
        AtomicReference<Outcome<R>> outcome = new AtomicReference<>();
        try {
            ledgers.compute(host, (id, known) -> {
                HostLedger before = known == null ? HostLedger.empty(host) : known;
                Outcome<R> decided = command.on(before, rules);
                outcome.set(decided);
                decisions.decided(before, command, decided);
                // What changed nothing makes no host known.
                return known == null && decided.ledger().equals(before) ? null : decided.ledger();
            });
        } catch (RuntimeException cause) {
            return Future.failedFuture(cause);
        }
        return Future.succeededFuture(Objects.requireNonNull(outcome.get()).reply());
    }

    @Override
    public Future<HostLedger> read(HostId host) {
        return Future.succeededFuture(ledgers.getOrDefault(host, HostLedger.empty(host)));
    }

    @Override
    public Future<Set<HostId>> hosts() {
        return Future.succeededFuture(new TreeSet<>(ledgers.keySet()));
    }

    @Override
    public Future<Set<HostId>> sweptHere() {
        return hosts();
    }
}
