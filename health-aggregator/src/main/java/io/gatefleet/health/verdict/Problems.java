package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One cause, one problem: a silent host is one, however many gateways it has; the same reason at many instances is one,
 * too.
 */
final class Problems {
    private static final int MOST_AFFECTED = 100;
    private static final List<Severity> SEVERITIES = List.of(Severity.values());
    private static final List<Reason> REASONS = List.of(Reason.values());

    private final Map<Cause, Group> groups = new HashMap<>();
    private final SharedTraits traits;
    private final long now;

    /** @param host null where the cause is not one host's */
    private record Cause(
            Reason reason, String code, @Nullable HostId host) {}

    private static final class Group {
        final Severity severity;
        final String sentence;
        final List<Case> affected = new ArrayList<>();
        final Set<HostId> hosts = new HashSet<>();
        long since;

        Group(Severity severity, String sentence, long since) {
            this.severity = severity;
            this.sentence = sentence;
            this.since = since;
        }
    }

    /** @param labels of the instances */
    Problems(LabelBook labels, long now) {
        this.traits = new SharedTraits(labels);
        this.now = now;
    }

    /** To be told of every instance that there is, well or not. */
    void add(Case known) {
        traits.add(known);
        Set<String> counted = new HashSet<>();
        for (Judgement problem : known.problems()) {
            if (counted.add(problem.code())) {
                problem.reason().severity().ifPresent(severity -> add(known, problem, severity));
            }
        }
    }

    private void add(Case known, Judgement problem, Severity severity) {
        HostId host = known.key().host();
        boolean ofHost = problem.reason() == Reason.HOST_SILENT;
        long since = known.since(problem.code(), now);
        Group group = groups.computeIfAbsent(
                new Cause(problem.reason(), problem.code(), ofHost ? host : null),
                cause -> new Group(severity, problem.sentence(), since));
        group.affected.add(known);
        group.hosts.add(host);
        group.since = Math.min(group.since, since);
    }

    /** What to do first first. */
    List<ProblemReport> sorted() {
        return groups.entrySet().stream()
                .map(entry -> report(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Problems::key))
                .toList();
    }

    /** Unique, and in the order in which problems are to be dealt with; says nothing that changes while one lasts. */
    static String key(ProblemReport report) {
        Reason reason = Reason.of(report.code());
        return "%d-%02d-%s-%s"
                .formatted(
                        SEVERITIES.indexOf(report.severity()),
                        REASONS.indexOf(reason),
                        report.code(),
                        reason == Reason.HOST_SILENT ? report.host() : "");
    }

    private ProblemReport report(Cause cause, Group group) {
        int count = group.affected.size();
        HostId host = group.hosts.size() == 1 ? group.hosts.iterator().next() : null;
        return new ProblemReport(
                group.severity,
                cause.code(),
                host,
                sentence(cause, group, host),
                cause.reason().next(),
                group.affected.stream().limit(MOST_AFFECTED).map(Case::key).toList(),
                count,
                TimeUnit.NANOSECONDS.toMillis(now - group.since));
    }

    private String sentence(Cause cause, Group group, @Nullable HostId host) {
        int count = group.affected.size();
        if (cause.host() != null) {
            return "Host %s %s; %s cannot be reached."
                    .formatted(cause.host(), cause.reason().title(), count == 1 ? "1 gateway" : count + " gateways");
        }
        InstanceKey first = group.affected.get(0).key();
        if (count == 1) {
            return first + ": " + group.sentence;
        }
        String where = host == null ? "on " + group.hosts.size() + " hosts" : "on " + host;
        return "%d gateways %s: %s.%s The first, %s: %s"
                .formatted(count, where, cause.reason().title(), traits.of(group.affected), first, group.sentence);
    }
}
