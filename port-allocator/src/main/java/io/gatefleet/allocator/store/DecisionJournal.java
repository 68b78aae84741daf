package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.Holding;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.Outcome;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.history.Event;
import io.gatefleet.history.Event.Ledger.Change;
import io.gatefleet.history.Journal;
import io.gatefleet.history.Keeping;
import io.gatefleet.runtime.Version;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions down, for {@code gatefleet verify-history}: what became of leases, and who got none. A renewal that
 * changes nothing but the time is no decision.
 */
public final class DecisionJournal implements DecisionLog, Closeable {
    private final Journal journal;

    private DecisionJournal(Journal journal) {
        this.journal = journal;
    }

    /**
     * Begins a life of decisions. Blocks.
     *
     * @param file of this process alone
     * @param service that decides
     */
    public static DecisionJournal open(Path file, String service) throws IOException {
        // A restarted container has the pid that its last life had, and two hosts' journals are read together.
        String writer =
                "%s, pid %d, %d".formatted(service, ProcessHandle.current().pid(), System.currentTimeMillis());
        return new DecisionJournal(Journal.open(file, writer, Version.current(), Keeping.LARGE));
    }

    @Override
    public void decided(HostLedger before, Command<?> command, Outcome<?> outcome) {
        events(before, command, outcome).forEach(journal::write);
    }

    /** Writes what waits. Blocks for a moment. */
    @Override
    public void close() {
        journal.close();
    }

    /** What a decision did to leases, and whom it refused. Pure. */
    static List<Event> events(HostLedger before, Command<?> command, Outcome<?> outcome) {
        List<Event> events = new ArrayList<>();
        HostLedger after = outcome.ledger();
        String by = command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (!before.holdings().equals(after.holdings())) {
            for (Holding old : before.holdings()) {
                if (!live(after, old.lease())) {
                    events.add(event(Change.ENDED, old.lease(), by));
                }
            }
            for (Holding now : after.holdings()) {
                Change change = change(before, now.lease());
                if (change != null) {
                    events.add(event(change, now.lease(), by));
                }
            }
        }
        InstanceKey holder = holder(command);
        if (holder != null && outcome.reply() instanceof LeaseReply.Refused refused) {
            events.add(new Event.Refused(holder, refused.refusal().kind().toString()));
        }
        return events;
    }

    private static boolean live(HostLedger ledger, Lease lease) {
        return ledger.holding(lease.holder().instance())
                .filter(holding -> same(holding.lease(), lease))
                .isPresent();
    }

    private static @Nullable Change change(HostLedger before, Lease now) {
        Optional<Lease> old =
                before.holding(now.holder().instance()).map(Holding::lease).filter(lease -> same(lease, now));
        if (old.isEmpty()) {
            return Change.GRANTED;
        }
        if (old.get().state() == now.state()) {
            return null;
        }
        return now.state() == LeaseState.REVOKED ? Change.REVOKED : Change.CONFIRMED;
    }

    /** By what a lease is made of: every renewal asks this of every lease of the host, and a set of ports takes kilobytes. */
    private static boolean same(Lease one, Lease other) {
        return one.fence() == other.fence()
                && one.base() == other.base()
                && one.footprint().equals(other.footprint());
    }

    private static @Nullable InstanceKey holder(Command<?> command) {
        if (command instanceof Command.Acquire acquire) {
            return acquire.question().holder();
        }
        if (command instanceof Command.Renew renew) {
            return renew.question().holder();
        }
        return command instanceof Command.Release release ? release.question().holder() : null;
    }

    private static Event event(Change change, Lease lease, String by) {
        return new Event.Ledger(change, lease.holder(), lease.incarnation(), lease.fence(), lease.ports(), by);
    }
}
