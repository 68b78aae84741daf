package io.gatefleet.health.verdict;

import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.health.FleetHealthView;
import io.gatefleet.contract.health.FleetHealthView.Observer;
import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.health.verdict.Case.Silence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The picture of the fleet: hears every word, judges every instance, sees one cause behind many silences, and doubts
 * itself first. An instance that said goodbye leaves the picture.
 *
 * <p>Times are monotonic nanoseconds of one clock, given with each call. Not thread-safe: one event loop owns a picture.
 */
public final class FleetHealth {
    /** So many problems stand in the fleet's view; all of them in the list of problems. */
    private static final int MOST_PROBLEMS = 100;

    private static final long EXCUSED_LAG_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration REMEMBER_GOODBYES = Duration.ofMinutes(10);

    private final VerdictRules rules;
    private final Duration tickEvery;
    private final Verdicts verdicts;
    private final SelfPreservation preservation;
    private final TreeMap<HostId, Host> hosts = new TreeMap<>();
    private final Map<InstanceKey, Goodbye> goodbyes = new HashMap<>();
    private final LabelBook labels;
    private final long startedAt;
    private long heardAt;
    private long tickedAt;

    /** The last one; null: something happened since that can be seen in it. */
    private @Nullable Glance glance;

    /** When it was taken. */
    private long glancedAt;

    private record Goodbye(Incarnation incarnation, long at) {}

    private static final class Host {
        final TreeMap<InstanceKey, Case> cases = new TreeMap<>();
        HostHealth.State state = HostHealth.State.UP;

        /** As it is shown without its instances; null: something happened since that can be seen in it. */
        @Nullable
        HostHealth shown;
    }

    /**
     * @param tickEvery how often {@link #tick} will be called
     */
    public FleetHealth(VerdictRules rules, Duration tickEvery, long now) {
        this.rules = rules;
        this.tickEvery = tickEvery;
        this.verdicts = new Verdicts(rules.startGrace());
        this.preservation = new SelfPreservation(rules.doubt());
        this.labels = new LabelBook(now);
        this.startedAt = now;
        this.heardAt = now;
        this.tickedAt = now;
    }

    /**
     * Hears a node's word.
     *
     * @return how long the word before it was ago; empty if there was none, or this one is not newer
     */
    public Optional<Duration> hear(Beat beat, long now, Collection<? super Transition> changes) {
        InstanceKey key = beat.instance();
        Goodbye goodbye = goodbyes.get(key);
        if (goodbye != null) {
            if (beat.heartbeat().incarnation().compareTo(goodbye.incarnation) <= 0) {
                return Optional.empty();
            }
            goodbyes.remove(key);
        }
        heardAt = now;
        Host host = hosts.computeIfAbsent(key.host(), id -> new Host());
        Case known = host.cases.get(key);
        if (known != null && !known.isNewer(beat.heartbeat())) {
            return Optional.empty();
        }
        Optional<Duration> before = Optional.empty();
        if (known == null) {
            known = new Case(beat, rules, verdicts, now);
            known.check(now);
            host.cases.put(key, known);
            happened(host);
        } else {
            before = Optional.of(Duration.ofNanos(now - known.heardAt()));
            known.hear(beat, now);
        }
        become(host, HostHealth.State.UP);
        judge(known, host, now, changes);
        return before;
    }

    /** Hears a goodbye. */
    public void hear(Departure departure, long now) {
        InstanceKey key = departure.instance();
        // The goodbye of an older life may come after that of a newer one.
        goodbyes.merge(
                key,
                new Goodbye(departure.incarnation(), now),
                (before, later) -> before.incarnation.compareTo(later.incarnation) > 0 ? before : later);
        Host host = hosts.get(key.host());
        Case known = host == null ? null : host.cases.get(key);
        if (host == null || known == null || known.incarnation().compareTo(departure.incarnation()) > 0) {
            return;
        }
        host.cases.remove(key);
        happened(host);
        if (host.cases.isEmpty()) {
            hosts.remove(key.host());
        }
    }

    /** Hears what a registry remembers of an instance: its labels. */
    public void hear(Remembered told, long now) {
        labels.hear(told, now);
        glance = null;
    }

    /** Whether there are instances of which no registry told the labels. */
    public boolean lacksLabels() {
        return hosts.values().stream()
                .anyMatch(host -> host.cases.keySet().stream().anyMatch(key -> labels.of(key) == null));
    }

    /** Hears that a node's open request was opened, or broke off. */
    public void hear(OpenRequest request, long now) {
        Host host = hosts.get(request.instance().host());
        Case known = host == null ? null : host.cases.get(request.instance());
        if (known != null && known.incarnation().equals(request.incarnation())) {
            known.hear(request, now);
        }
    }

    /**
     * Notices silence.
     *
     * @return who was judged anew, of a calm fleet only those that time alone can change; and who was forgotten
     */
    public List<InstanceKey> tick(long now, Collection<? super Transition> changes) {
        long late = now - tickedAt - tickEvery.toNanos();
        tickedAt = now;
        if (late > EXCUSED_LAG_NANOS) {
            each(known -> known.excuse(late, now));
        }
        List<InstanceKey> judged = forget(now);
        each(known -> known.silence(silence(known, now)));
        if (!doubt(now)) {
            each(known -> {
                if (known.silence() == Silence.HELD) {
                    known.silence(Silence.GONE);
                }
            });
        }
        hosts.values().forEach(host -> become(host, state(host)));
        glance = null;
        hosts.values()
                .forEach(host -> host.cases.values().stream().filter(Case::ages).forEach(known -> {
                    judge(known, host, now, changes);
                    judged.add(known.key());
                }));
        return judged;
    }

    private Silence silence(Case known, long now) {
        long silent = now - known.heardAt();
        if (silent < rules.suspect().toNanos()) {
            return known.isBroken(now) ? Silence.SUSPECT : Silence.HEARD;
        }
        if (silent < rules.silent().toNanos()) {
            return Silence.SUSPECT;
        }
        return known.silence() == Silence.GONE ? Silence.GONE : Silence.HELD;
    }

    /** Whether silence is to be disbelieved: then {@link Silence#HELD} stays what it is. */
    private boolean doubt(long now) {
        int silentHosts = 0;
        int silentNodes = 0;
        int nodes = 0;
        for (Host host : hosts.values()) {
            // What is expected to be silent is no reason for doubt.
            long silent = host.cases.values().stream()
                    .filter(known -> !known.isInMaintenance())
                    .filter(known -> known.silence() == Silence.SUSPECT || known.silence() == Silence.HELD)
                    .count();
            boolean speaks = host.cases.values().stream().anyMatch(known -> known.silence() == Silence.HEARD);
            if (speaks) {
                silentNodes += (int) silent;
                nodes += host.cases.size();
            } else if (silent > 0) {
                silentHosts++;
            }
        }
        return preservation.look(silentHosts, hosts.size(), silentNodes, nodes, now);
    }

    /** A host is what its nodes are together: down when every one is believed to be out of reach. */
    private static HostHealth.State state(Host host) {
        boolean speaks = false;
        boolean hopeful = false;
        for (Case known : host.cases.values()) {
            speaks |= known.silence() == Silence.HEARD;
            hopeful |= known.silence() != Silence.GONE;
        }
        if (speaks) {
            return HostHealth.State.UP;
        }
        return hopeful ? HostHealth.State.SUSPECT : HostHealth.State.DOWN;
    }

    private void become(Host host, HostHealth.State next) {
        if (host.state != next) {
            host.state = next;
            happened(host);
        }
    }

    private List<InstanceKey> forget(long now) {
        goodbyes.values().removeIf(goodbye -> now - goodbye.at > REMEMBER_GOODBYES.toNanos());
        List<InstanceKey> forgotten = new ArrayList<>();
        for (Host host : hosts.values()) {
            host.cases.values().removeIf(known -> {
                boolean gone = now - known.heardAt() > rules.forget().toNanos();
                if (gone) {
                    forgotten.add(known.key());
                    happened(host);
                }
                return gone;
            });
        }
        hosts.values().removeIf(host -> host.cases.isEmpty());
        labels.forget(this::knows, now);
        return forgotten;
    }

    private void judge(Case known, Host host, long now, Collection<? super Transition> changes) {
        List<Judgement> before = known.problems();
        Optional<Transition> change = known.judge(host.state, now);
        if (change.isPresent() || !before.equals(known.problems())) {
            happened(host);
        }
        change.ifPresent(changes::add);
    }

    /** Something that can be seen in what a host is, or the fleet. */
    private void happened(Host host) {
        host.shown = null;
        glance = null;
    }

    private void each(Consumer<Case> action) {
        hosts.values().forEach(host -> host.cases.values().forEach(action));
    }

    /**
     * The fleet at a glance.
     *
     * @param observer who looks
     */
    public FleetHealthView fleet(Observer observer, long now) {
        Glance all = glance(now);
        FleetSummary summary = all.summary();
        return new FleetHealthView(
                summary.sentence(),
                summary.instances(),
                summary.hosts(),
                summary.counts(),
                all.problems().subList(0, Math.min(MOST_PROBLEMS, all.problems().size())),
                summary.selfPreservation(),
                observer);
    }

    /**
     * What everything adds up to. Looks at every instance only when something happened since the last time, or a tick
     * ago: ages in it may be so old.
     */
    public Glance glance(long now) {
        Glance known = glance;
        if (known != null && now - glancedAt < tickEvery.toNanos()) {
            return known;
        }
        Tally tally = new Tally(labels, now);
        for (Host host : hosts.values()) {
            tally.add(host.state);
            host.cases.values().forEach(tally::add);
        }
        Glance fresh = tally.glance(preservation.view(), TimeUnit.NANOSECONDS.toMillis(now - startedAt));
        glance = fresh;
        glancedAt = now;
        return fresh;
    }

    /** One per cause, what to do first first. */
    public List<ProblemReport> problems(long now) {
        return glance(now).problems();
    }

    /** Unique among problems, and in their order. */
    public static String key(ProblemReport problem) {
        return Problems.key(problem);
    }

    /** The hosts by name, without their instances. */
    public List<HostHealth> hosts() {
        List<HostHealth> views = new ArrayList<>();
        hosts.forEach((id, host) -> {
            HostHealth shown = host.shown;
            if (shown == null) {
                shown = view(id, host, List.of());
                host.shown = shown;
            }
            views.add(shown);
        });
        return views;
    }

    /** A host with all its instances. */
    public Optional<HostHealth> host(HostId id, long now) {
        return Optional.ofNullable(hosts.get(id))
                .map(host -> view(
                        id,
                        host,
                        host.cases.values().stream()
                                .map(known -> view(known, now))
                                .toList()));
    }

    private static HostHealth view(HostId id, Host host, List<InstanceHealth> instances) {
        Map<Verdict.State, Integer> counts = new EnumMap<>(Verdict.State.class);
        host.cases.values().forEach(known -> counts.merge(known.verdict().state(), 1, Integer::sum));
        int ready = counts.getOrDefault(Verdict.State.READY, 0);
        String sentence =
                switch (host.state) {
                    case UP -> "%d of %d gateways are ready.".formatted(ready, host.cases.size());
                    case SUSPECT -> "No node of it was heard for a while; it may be back in a moment.";
                    case DOWN -> "Silent: no node of it speaks. Its gateways may live on.";
                };
        return new HostHealth(id, host.state, sentence, counts, instances);
    }

    /** The instances that are wanted, by key. */
    public List<InstanceHealth> instances(Predicate<InstanceHealth> wanted, long now) {
        List<InstanceHealth> views = new ArrayList<>();
        each(known -> views.add(view(known, now)));
        return views.stream().filter(wanted).toList();
    }

    public Optional<InstanceHealth> instance(InstanceKey key, long now) {
        return Optional.ofNullable(hosts.get(key.host()))
                .map(host -> host.cases.get(key))
                .map(known -> view(known, now));
    }

    private InstanceHealth view(Case known, long now) {
        return known.view(labels.of(known.key()), now);
    }

    private boolean knows(InstanceKey key) {
        Host host = hosts.get(key.host());
        return host != null && host.cases.containsKey(key);
    }

    /** When the youngest word was heard; at the start before the first. */
    public long heardAt() {
        return heardAt;
    }
}
