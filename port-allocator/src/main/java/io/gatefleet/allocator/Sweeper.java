package io.gatefleet.allocator;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.Holding;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.Recovery;
import io.gatefleet.allocator.lease.Rest;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.LeaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the time that ledgers do not store: since when each beat counter, rest and recovery has stood, by this member's
 * own monotonic clock. What it says is due can be late, never early. Used by one thread; only the remaining times may be
 * asked from elsewhere.
 */
final class Sweeper {
    private static final int ALWAYS_BELIEVED = 3;
    private static final double BELIEVED_PART = 0.2;

    private final AllocatorConfig.Times times;
    private final LongSupplier nanoTime;
    private final Map<HostId, Watch> watches = new ConcurrentHashMap<>();
    private @Nullable Long lastLook;

    /** When too many were silent last; null: never, or those who were then had their time to speak. */
    private @Nullable Long lastTooMany;

    private volatile Optional<String> selfPreservation = Optional.empty();

    Sweeper(AllocatorConfig.Times times, LongSupplier nanoTime) {
        this.times = times;
        this.nanoTime = nanoTime;
    }

    /** What is due on a host. */
    record Due(HostId host, Command<Boolean> command) {}

    /**
     * Looks at every ledger that this member sweeps, and says what is due.
     *
     * <p>When too many fall silent at once, this member is more likely deaf than they are dead, and no lease lapses; but
     * where another port space knocks under a host's id somebody was heard, and the old leases lapse as usual. "At once" is
     * within half a term: the last beats of those who fell silent together lie up to a pace apart, so a few are due at a
     * time, and nobody who lives is silent for so long. Nor do those who speak again do it in one moment: who is still silent
     * when fewer are has half a term more. Offers are none of this: nobody stands on them yet, so nothing is
     * lost with them, and whoever registers and says no more cannot hold up everybody's lapses.
     */
    List<Due> look(Collection<HostLedger> ledgers) {
        long now = nanoTime.getAsLong();
        long deafFor = deafFor(now);
        Map<HostId, Watch> before = Map.copyOf(watches);
        watches.keySet().retainAll(ledgers.stream().map(HostLedger::host).toList());
        List<Due> due = new ArrayList<>();
        List<Due> silent = new ArrayList<>();
        int leases = 0;
        int fell = 0;
        for (HostLedger ledger : ledgers) {
            Watch watch = new Watch(before.get(ledger.host()), ledger, now, deafFor);
            watches.put(ledger.host(), watch);
            boolean unopposed = ledger.challenger() == null;
            for (Holding holding : ledger.holdings()) {
                boolean offer = holding.lease().state() == LeaseState.OFFERED;
                boolean mayBeHeld = unopposed && !offer;
                long age = watch.age(holding, now);
                long term = (offer ? times.offered() : times.term()).toNanos();
                if (!offer) {
                    leases++;
                }
                if (mayBeHeld && age > term / 2) {
                    fell++;
                }
                if (age > term) {
                    Command<Boolean> lapse = new Command.Lapse(
                            holding.lease().holder().instance(), holding.lease().fence(), holding.beats());
                    (mayBeHeld ? silent : due).add(new Due(ledger.host(), lapse));
                }
            }
            for (Rest rest : ledger.rests()) {
                if (watch.age(rest.id(), now) > timeOf(rest).toNanos()) {
                    due.add(new Due(ledger.host(), new Command.EndRest(rest.id())));
                }
            }
            Recovery recovery = ledger.recovery();
            if (recovery != null
                    && watch.age(recovery.id(), now) > times.recovery().toNanos()) {
                due.add(new Due(ledger.host(), new Command.EndRecovery(recovery.id())));
            }
        }
        int believed = Math.max(ALWAYS_BELIEVED, (int) (leases * BELIEVED_PART));
        selfPreservation = held(now, deafFor, silent.size(), fell, believed, leases);
        if (selfPreservation.isEmpty()) {
            due.addAll(silent);
        }
        return due;
    }

    private Optional<String> held(long now, long deafFor, int silent, int fell, int believed, int leases) {
        if (silent == 0) {
            lastTooMany = null;
        } else if (fell > believed) {
            lastTooMany = now;
            return Optional.of(
                    "%d of %d leases fell silent at once, more than the %d that are believed: none lapses until fewer are silent."
                            .formatted(fell, leases, believed));
        } else if (lastTooMany != null) {
            lastTooMany += deafFor;
            if (now - lastTooMany <= times.term().toNanos() / 2) {
                return Optional.of(
                        "%d of %d leases are silent still, after more were: none lapses until they had half a term to speak."
                                .formatted(silent, leases));
            }
            lastTooMany = null;
        }
        return Optional.empty();
    }

    /** Why no lease lapses now; empty in ordinary times. */
    Optional<String> selfPreservation() {
        return selfPreservation;
    }

    /** How long a rest has still to go; all of it, where this member has not seen it yet. */
    long remainingMillis(HostId host, Rest rest) {
        Watch watch = watches.get(host);
        Duration time = timeOf(rest);
        long gone = watch == null ? 0 : watch.age(rest.id(), nanoTime.getAsLong());
        return Math.max(0, time.minusNanos(gone).toMillis());
    }

    private Duration timeOf(Rest rest) {
        return switch (rest.reason()) {
            case RELEASED -> times.released();
            case LAPSED -> times.lapsed();
            case BUSY -> times.busy();
        };
    }

    /** While this member itself stood still, it could not hear: that time is nobody's silence. */
    private long deafFor(long now) {
        Long last = lastLook;
        lastLook = now;
        return last == null ? 0 : Math.max(0, now - last - 3 * times.sweep().toNanos());
    }

    /** What is known of one host's counters. Immutable once built. */
    private static final class Watch {
        private final Map<Long, Seen> beats = new HashMap<>();
        private final Map<Long, Long> since = new HashMap<>();

        Watch(@Nullable Watch before, HostLedger ledger, long now, long deafFor) {
            for (Holding holding : ledger.holdings()) {
                long fence = holding.lease().fence();
                Seen seen = before == null ? null : before.beats.get(fence);
                beats.put(
                        fence,
                        seen != null && seen.beats() == holding.beats()
                                ? new Seen(seen.beats(), seen.since() + deafFor)
                                : new Seen(holding.beats(), now));
            }
            ledger.rests().forEach(rest -> keep(before, rest.id(), now));
            Recovery recovery = ledger.recovery();
            if (recovery != null) {
                keep(before, recovery.id(), now);
            }
        }

        private void keep(@Nullable Watch before, long id, long now) {
            since.put(id, before == null ? now : before.since.getOrDefault(id, now));
        }

        long age(Holding holding, long now) {
            Seen seen = beats.get(holding.lease().fence());
            return seen == null ? 0 : now - seen.since();
        }

        long age(long id, long now) {
            return now - since.getOrDefault(id, now);
        }
    }

    private record Seen(long beats, long since) {}
}
