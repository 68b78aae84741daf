package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.contract.watch.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of the picture is different from what watchers were told. Instances are told of one by one and at once; what comes of
 * them for hosts, problems and the fleet is settled after many of them. That something grew older is no change.
 *
 * <p>Owned by the event loop that owns the picture.
 */
public final class FleetChanges {
    private static final String INSTANCE = "instance";
    private static final String HOST = "host";
    private static final String PROBLEM = "problem";
    private static final String FLEET = "fleet";

    /** In sentences, what is different in every moment. */
    private static final Pattern MEASURED = Pattern.compile("\\d+ (?:ms|s|min|h|%)");

    private final FleetHealth health;
    private final ChangeLog<FleetItem> log;
    private final Map<InstanceKey, InstanceHealth> instances = new HashMap<>();
    private final Map<HostId, HostHealth> hosts = new HashMap<>();
    private final Map<String, ProblemReport> problems = new HashMap<>();
    private @Nullable FleetSummary summary;

    public FleetChanges(FleetHealth health, ChangeLog<FleetItem> log) {
        this.health = health;
        this.log = log;
    }

    public ChangeLog<FleetItem> log() {
        return log;
    }

    /**
     * Tells what one instance is now.
     *
     * @return whether that is news
     */
    public boolean instance(InstanceKey key, long now) {
        InstanceHealth before = instances.get(key);
        InstanceHealth after = health.instance(key, now).orElse(null);
        if (after == null) {
            if (before == null) {
                return false;
            }
            instances.remove(key);
            log.add(WatchEvent.GONE, key(key), before, null, now);
            return true;
        }
        if (before != null && same(before, after)) {
            return false;
        }
        instances.put(key, after);
        log.add(INSTANCE, key(key), before, after, now);
        return true;
    }

    /** Tells what came of everything for hosts, problems and the fleet. */
    public void settle(long now) {
        Map<HostId, HostHealth> hostsNow = new TreeMap<>();
        health.hosts().forEach(host -> hostsNow.put(host.host(), host));
        settle(HOST, hosts, hostsNow, HostId::toString, FleetChanges::same, now);
        Glance all = health.glance(now);
        Map<String, ProblemReport> problemsNow = new TreeMap<>();
        all.problems().forEach(report -> problemsNow.put(FleetHealth.key(report), report));
        settle(PROBLEM, problems, problemsNow, key -> key, FleetChanges::same, now);
        FleetSummary before = summary;
        FleetSummary after = all.summary();
        if (before == null || !same(before, after)) {
            summary = after;
            log.add(FLEET, FLEET, before, after, now);
        }
    }

    private <K extends Comparable<K>, V extends FleetItem> void settle(
            String kind,
            Map<K, V> told,
            Map<K, V> present,
            java.util.function.Function<K, String> name,
            BiPredicate<V, V> same,
            long now) {
        Set<K> gone =
                told.keySet().stream().filter(key -> !present.containsKey(key)).collect(Collectors.toSet());
        for (K key : gone) {
            log.add(WatchEvent.GONE, kind + "/" + name.apply(key), told.remove(key), null, now);
        }
        present.forEach((key, after) -> {
            V before = told.get(key);
            if (before == null || (before != after && !same.test(before, after))) {
                told.put(key, after);
                log.add(kind, kind + "/" + name.apply(key), before, after, now);
            }
        });
    }

    /** All of it: the fleet, problems in the order in which they are to be dealt with, hosts, instances. */
    public List<WatchEvent<FleetItem>> snapshot(long now) {
        List<WatchEvent<FleetItem>> all = new ArrayList<>();
        Glance glance = health.glance(now);
        all.add(new WatchEvent<>(FLEET, FLEET, glance.summary(), 0));
        glance.problems()
                .forEach(report ->
                        all.add(new WatchEvent<>(PROBLEM, PROBLEM + "/" + FleetHealth.key(report), report, 0)));
        health.hosts().forEach(host -> all.add(new WatchEvent<>(HOST, HOST + "/" + host.host(), host, 0)));
        health.instances(any -> true, now)
                .forEach(instance -> all.add(new WatchEvent<>(INSTANCE, key(instance.key()), instance, 0)));
        return all;
    }

    private static String key(InstanceKey key) {
        return INSTANCE + "/" + key;
    }

    /** Of one instance. */
    private static boolean same(InstanceHealth left, InstanceHealth right) {
        return left.flavor() == right.flavor()
                && left.verdict().state() == right.verdict().state()
                && left.verdict().reason().equals(right.verdict().reason())
                && left.node().suspect() == right.node().suspect()
                && left.node().guard() == right.node().guard()
                && left.flapping() == right.flapping()
                && Objects.equals(left.lease(), right.lease())
                && Objects.equals(left.labels(), right.labels())
                && left.gateway().saysTheSame(right.gateway());
    }

    private static boolean same(HostHealth left, HostHealth right) {
        return left.state() == right.state() && left.counts().equals(right.counts());
    }

    private static boolean same(ProblemReport left, ProblemReport right) {
        return left.severity() == right.severity()
                && left.affectedCount() == right.affectedCount()
                && left.affected().equals(right.affected())
                && ageless(left.sentence()).equals(ageless(right.sentence()));
    }

    private static boolean same(FleetSummary left, FleetSummary right) {
        return left.instances() == right.instances()
                && left.hosts() == right.hosts()
                && left.counts().equals(right.counts())
                && left.selfPreservation().on() == right.selfPreservation().on()
                && ageless(left.sentence()).equals(ageless(right.sentence()));
    }

    private static String ageless(String sentence) {
        return MEASURED.matcher(sentence).replaceAll("");
    }
}
