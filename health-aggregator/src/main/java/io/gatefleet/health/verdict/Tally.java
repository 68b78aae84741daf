package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.SelfPreservation;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up a fleet, in one look at each host and each instance. */
final class Tally {
    private final Problems problems;
    private final Map<Verdict.State, Integer> counts = new EnumMap<>(Verdict.State.class);
    private final Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    private final Map<HostHealth.State, Integer> hosts = new EnumMap<>(HostHealth.State.class);

    Tally(LabelBook labels, long now) {
        this.problems = new Problems(labels, now);
    }

    void add(HostHealth.State host) {
        hosts.merge(host, 1, Integer::sum);
    }

    void add(Case known) {
        counts.merge(known.verdict().state(), 1, Integer::sum);
        reasons.merge(known.verdict().reason(), 1, Integer::sum);
        problems.add(known);
    }

    /** @param lookingMillis how long the observer has looked */
    Glance glance(SelfPreservation preservation, long lookingMillis) {
        List<ProblemReport> sorted = problems.sorted();
        int instances = sum(counts);
        int hostCount = sum(hosts);
        Map<String, Integer> byCode = new TreeMap<>();
        for (Reason reason : Reason.values()) {
            byCode.put(reason.code(), reasons.getOrDefault(reason, 0));
        }
        return new Glance(
                new FleetSummary(
                        sentence(instances, hostCount, sorted, lookingMillis),
                        instances,
                        hostCount,
                        Collections.unmodifiableMap(counts),
                        preservation),
                sorted,
                Collections.unmodifiableMap(hosts),
                Collections.unmodifiableMap(byCode));
    }

    private static int sum(Map<?, Integer> numbers) {
        return numbers.values().stream().mapToInt(Integer::intValue).sum();
    }

    private String sentence(int instances, int hostCount, List<ProblemReport> sorted, long lookingMillis) {
        if (instances == 0) {
            return "No gateway is known; looking for %s.".formatted(Spoken.millis(lookingMillis));
        }
        int ready = counts.getOrDefault(Verdict.State.READY, 0);
        String where = hostCount == 1 ? "1 host" : hostCount + " hosts";
        String how;
        if (instances == 1) {
            how = ready == 1 ? "The only gateway is ready." : "The only gateway is not ready.";
        } else {
            how = ready == instances
                    ? "All %d gateways on %s are ready.".formatted(instances, where)
                    : "%d of %d gateways on %s are ready.".formatted(ready, instances, where);
        }
        return sorted.isEmpty() ? how : how + " First: " + sorted.get(0).sentence();
    }
}
