package io.gatefleet.registry.instance;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.contract.watch.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which instance runs where, as its node last said. An index, not the truth: the truth stands on the nodes' disks, and an
 * empty book fills itself, because a node that is not in it is told so and joins again.
 *
 * <p>Times are monotonic nanoseconds of one clock, given with each call. Not thread-safe: one event loop owns a book.
 */
public final class InstanceBook {
    private final TreeMap<InstanceKey, Entry> entries = new TreeMap<>();
    private final Duration forgetDeparted;
    private final Duration forgetSilent;
    private final ChangeLog<InstanceView> log;

    /** Of lives that are not in the book yet: news of a joining may come after the goodbye. */
    private final Map<InstanceKey, Goodbye> goodbyes = new HashMap<>();

    private record Goodbye(Incarnation incarnation, boolean portsClosed, long at) {}

    /**
     * @param forgetDeparted how long an instance is shown that said goodbye
     * @param forgetSilent how long one is shown that fell silent: longer, for the morning after
     * @param log where every change is written that a reader can see, ages excepted
     */
    public InstanceBook(Duration forgetDeparted, Duration forgetSilent, ChangeLog<InstanceView> log) {
        this.forgetDeparted = forgetDeparted;
        this.forgetSilent = forgetSilent;
        this.log = log;
    }

    /** Why this life may not join; empty when it may. Ask before and after the ledger: meanwhile another may have come. */
    public Optional<Refusal> objection(InstanceKey key, Incarnation incarnation, long now) {
        Entry known = entries.get(key);
        return known != null && known.isPresent(now) && known.incarnation.compareTo(incarnation) > 0
                ? Optional.of(new Refusal.Superseded(key, incarnation, known.incarnation))
                : Optional.empty();
    }

    /**
     * Why this life may not join by a join token; empty when it may. A name whose node was heard within its term is taken,
     * except by the same life that says its word again because it did not hear the answer.
     */
    public Optional<Refusal> nameAlive(InstanceKey key, RegisterInstance word, long now) {
        Entry known = entries.get(key);
        if (known == null || !known.isPresent(now) || saidBefore(known, word)) {
            return Optional.empty();
        }
        long left = known.termNanos - (now - known.heardAt);
        return Optional.of(new Refusal.NameAlive(key, TimeUnit.NANOSECONDS.toMillis(left) + 1));
    }

    private static boolean saidBefore(Entry known, RegisterInstance word) {
        String first = known.word.joinKey();
        String again = word.joinKey();
        return known.incarnation.equals(word.incarnation())
                && first != null
                && again != null
                && MessageDigest.isEqual(
                        first.getBytes(StandardCharsets.US_ASCII), again.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Writes down who joined.
     *
     * @param lease what the ledger lent
     * @param termMillis an instance is present until it was silent for that long
     * @return whether this life was not in the book before
     */
    public boolean join(InstanceKey key, RegisterInstance word, Lease lease, long termMillis, long now) {
        Entry known = entries.get(key);
        boolean fresh = known == null || known.departed || !known.incarnation.equals(word.incarnation());
        Entry entry = fresh || known == null ? new Entry(key, word) : known;
        entry.word = word.withoutFacts();
        entry.lease = lease;
        entry.termNanos = TimeUnit.MILLISECONDS.toNanos(termMillis);
        entry.heardAt = now;
        entry.silent = false;
        if (known != null) {
            entry.shown = known.shown;
        }
        entries.put(key, entry);
        goodbyes.remove(key);
        show(entry, fresh ? InstanceNews.REGISTERED : InstanceNews.CHANGED, now);
        return fresh;
    }

    /**
     * Writes down what another registry remembers. It may be older than what stands here, or be heard twice; a goodbye is
     * not taken back.
     */
    public void learn(Remembered told, long now) {
        Incarnation incarnation = told.word().incarnation();
        Entry known = entries.get(told.instance());
        int order = known == null ? -1 : known.incarnation.compareTo(incarnation);
        if (order > 0 || (known != null && order == 0 && known.departed)) {
            return;
        }
        long heardAt = now - TimeUnit.MILLISECONDS.toNanos(Math.max(0, told.heardMillisAgo()));
        Entry entry = known;
        InstanceNews news = InstanceNews.CHANGED;
        if (entry == null || order < 0) {
            entry = new Entry(told.instance(), told.word());
            entry.heardAt = heardAt;
            if (known != null) {
                entry.shown = known.shown;
            }
            entries.put(told.instance(), entry);
            news = InstanceNews.REGISTERED;
        }
        entry.word = told.word();
        entry.termNanos = TimeUnit.MILLISECONDS.toNanos(told.termMillis());
        if (heardAt - entry.heardAt > 0) {
            entry.heardAt = heardAt;
        }
        entry.silent = false;
        if (told.sequence() > entry.sequence) {
            entry.sequence = told.sequence();
            entry.report = told.report();
        }
        Lease lease = told.lease();
        if (lease != null
                && !lease.equals(entry.lease)
                && (entry.lease == null || entry.lease.fence() <= lease.fence())) {
            entry.lease = lease;
        }
        if (told.departed()) {
            entry.departed = true;
            entry.lease = null;
            entry.report = told.report();
            news = InstanceNews.DEPARTED;
        }
        show(entry, news, now);
        Goodbye goodbye = goodbyes.get(told.instance());
        if (goodbye != null && !entry.departed && goodbye.incarnation.compareTo(incarnation) >= 0) {
            depart(entry, goodbye.portsClosed && goodbye.incarnation.equals(incarnation), goodbye.at);
        }
    }

    /** What is remembered of an instance, to be told to another registry. */
    public Optional<Remembered> remembered(InstanceKey key, long now) {
        return Optional.ofNullable(entries.get(key)).map(entry -> entry.remembered(now));
    }

    /**
     * What is remembered of those behind {@code after}, by key.
     *
     * @param after null: from the first
     * @param most so many of them
     */
    public List<Remembered> remembered(@Nullable InstanceKey after, int most, long now) {
        return (after == null ? entries : entries.tailMap(after, false))
                .values().stream()
                        .limit(most)
                        .map(entry -> entry.remembered(now))
                        .toList();
    }

    /** Writes down what a node said of itself and its gateway. */
    public Hearing hear(InstanceKey key, Heartbeat heartbeat, long now) {
        Entry known = entries.get(key);
        if (known == null || known.incarnation.compareTo(heartbeat.incarnation()) < 0) {
            return new Hearing.Refused(new Refusal.UnknownInstance(key));
        }
        if (!known.incarnation.equals(heartbeat.incarnation())) {
            return new Hearing.Refused(new Refusal.Superseded(key, heartbeat.incarnation(), known.incarnation));
        }
        if (known.departed) {
            return new Hearing.Refused(new Refusal.UnknownInstance(key));
        }
        if (heartbeat.sequence() <= known.sequence) {
            return new Hearing.Late();
        }
        boolean news = known.silent || !known.report.saysTheSame(heartbeat.gateway());
        known.sequence = heartbeat.sequence();
        known.report = heartbeat.gateway();
        known.heardAt = now;
        known.silent = false;
        if (news) {
            show(known, InstanceNews.CHANGED, now);
        }
        boolean confirmed = known.lease != null && known.lease.state() == LeaseState.CONFIRMED;
        return new Hearing.Taken(known.word.flavor(), !news && confirmed && heartbeat.guard() == GuardState.HELD);
    }

    /** Writes down what the ledger says of a lease that was renewed. */
    public void renewed(InstanceKey key, Incarnation incarnation, Lease lease) {
        Entry known = entries.get(key);
        if (known == null || known.departed || !known.incarnation.equals(incarnation) || lease.equals(known.lease)) {
            return;
        }
        // Answers may overtake each other: a newer lease is not undone by the renewal of the one before.
        if (known.lease == null || known.lease.fence() <= lease.fence()) {
            known.lease = lease;
            // The answer to a word just heard.
            show(known, InstanceNews.CHANGED, known.heardAt);
        }
    }

    /**
     * Writes down that a lease is gone, if it is the one that stands here: a node may ask for any, and what was not lent to it
     * says nothing of what was.
     */
    public void leaseLost(InstanceKey key, Incarnation incarnation, long fence) {
        Entry known = entries.get(key);
        if (known != null
                && known.incarnation.equals(incarnation)
                && known.lease != null
                && known.lease.fence() == fence) {
            known.lease = null;
            show(known, InstanceNews.CHANGED, known.heardAt);
        }
    }

    /** The life that is in the book, whether it is present or not. */
    public Optional<Incarnation> incarnation(InstanceKey key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> entry.incarnation);
    }

    /** Whether it is in the book and said goodbye. */
    public boolean departed(InstanceKey key) {
        Entry known = entries.get(key);
        return known != null && known.departed;
    }

    /** Whether it said no goodbye and was heard within its term. */
    public boolean isPresent(InstanceKey key, long now) {
        Entry known = entries.get(key);
        return known != null && known.isPresent(now);
    }

    /**
     * Writes down a goodbye. A life begins when the one before it has ended, so a newer one speaks for those before it, too; of
     * their ports it knows nothing.
     *
     * @param portsClosed whether nothing of the gateway is left: then it is known to be stopped
     * @return whether it is news: neither said before, nor by a life that is older than the one in the book
     */
    public boolean leave(InstanceKey key, Incarnation incarnation, boolean portsClosed, long now) {
        Entry known = entries.get(key);
        if (known == null || known.incarnation.compareTo(incarnation) < 0) {
            Goodbye before = goodbyes.get(key);
            if (before != null && before.incarnation.compareTo(incarnation) >= 0) {
                return false;
            }
            goodbyes.put(key, new Goodbye(incarnation, portsClosed, now));
            if (known != null && !known.departed) {
                depart(known, false, now);
            }
            return true;
        }
        if (known.departed || !known.incarnation.equals(incarnation)) {
            return false;
        }
        depart(known, portsClosed, now);
        return true;
    }

    private void depart(Entry entry, boolean portsClosed, long now) {
        entry.departed = true;
        entry.lease = null;
        entry.heardAt = now;
        if (portsClosed) {
            entry.report = GatewayReport.none(GatewayState.STOPPED);
        }
        show(entry, InstanceNews.DEPARTED, now);
    }

    public Optional<InstanceView> find(InstanceKey key, long now) {
        return Optional.ofNullable(entries.get(key)).map(entry -> entry.view(now));
    }

    /** The instances that are wanted, by key. */
    public List<InstanceView> list(Predicate<InstanceView> wanted, long now) {
        return entries.values().stream()
                .map(entry -> entry.view(now))
                .filter(wanted)
                .toList();
    }

    /** How many said no goodbye and were heard within their term. */
    public int present(long now) {
        return (int)
                entries.values().stream().filter(entry -> entry.isPresent(now)).count();
    }

    /** Notices who fell silent, and forgets who has been gone for long enough. */
    public void sweep(long now) {
        goodbyes.values().removeIf(goodbye -> now - goodbye.at > forgetDeparted.toNanos());
        for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (entry.isForgotten(now)) {
                all.remove();
                log.add(WatchEvent.GONE, entry.key.toString(), entry.shown, null, now);
            } else if (!entry.silent && !entry.departed && !entry.isPresent(now)) {
                entry.silent = true;
                show(entry, InstanceNews.SILENT, now);
            }
        }
    }

    /** Another one with every change that a reader can see, ages excepted. */
    public Revision revision() {
        return log.revision();
    }

    private void show(Entry entry, InstanceNews news, long now) {
        InstanceView view = entry.view(now);
        InstanceView before = entry.shown;
        if (before == null || !sameButForAges(before, view)) {
            entry.shown = view;
            log.add(news.toString(), entry.key.toString(), before, view, now);
        }
    }

    /** Of one instance. */
    private static boolean sameButForAges(InstanceView one, InstanceView other) {
        return one.incarnation().equals(other.incarnation())
                && one.flavor() == other.flavor()
                && one.present() == other.present()
                && Objects.equals(one.version(), other.version())
                && one.layout().equals(other.layout())
                && Objects.equals(one.lease(), other.lease())
                && Objects.equals(one.address(), other.address())
                && Objects.equals(one.nodePid(), other.nodePid())
                && one.labels().equals(other.labels())
                && one.report().saysTheSame(other.report());
    }

    private final class Entry {
        private final InstanceKey key;
        private final Incarnation incarnation;
        private RegisterInstance word;
        private @Nullable Lease lease;
        private long termNanos;
        private long heardAt;
        private long sequence = -1;
        private boolean departed;
        /** Whether its silence was noticed. */
        private boolean silent;
        /** As watchers know it. */
        private @Nullable InstanceView shown;

        private GatewayReport report = GatewayReport.none(GatewayState.STARTING);

        Entry(InstanceKey key, RegisterInstance word) {
            this.key = key;
            this.incarnation = word.incarnation();
            this.word = word;
        }

        boolean isPresent(long now) {
            return !departed && now - heardAt <= termNanos;
        }

        boolean isForgotten(long now) {
            return now - heardAt > (departed ? forgetDeparted : forgetSilent).toNanos();
        }

        Remembered remembered(long now) {
            return new Remembered(
                    key,
                    word,
                    lease,
                    TimeUnit.NANOSECONDS.toMillis(termNanos),
                    sequence,
                    departed,
                    report,
                    TimeUnit.NANOSECONDS.toMillis(now - heardAt));
        }

        InstanceView view(long now) {
            Map<String, String> labels = word.labels();
            Flavor flavor = word.flavor();
            return new InstanceView(
                    key,
                    incarnation,
                    flavor,
                    report.version() == null ? word.version() : report.version(),
                    word.layout(),
                    lease,
                    word.address(),
                    word.nodePid(),
                    labels == null ? Map.of() : labels,
                    isPresent(now),
                    TimeUnit.NANOSECONDS.toMillis(now - heardAt),
                    report);
        }
    }
}
