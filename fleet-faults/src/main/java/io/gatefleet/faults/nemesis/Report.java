package io.gatefleet.faults.nemesis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.faults.nemesis.Fault.Kind;
import io.gatefleet.history.check.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run found, and whether everything held that is demanded.
 *
 * @param seed of its faults
 * @param minutes it took, from the first fault to the last
 * @param cores of the machine
 * @param busyCores how many of them worked, on average, for whomever
 * @param guardedNodes that stood all the time
 * @param kinds of faults, what they did
 * @param grants that the members wrote down
 * @param guarded how many of them a guard was held for
 * @param load what the callers without guards counted themselves
 * @param passersLives of guarded instances that came and went
 * @param refusedGuards where a second holder of a range met the first one's guard
 * @param guards that were taken, of all nodes
 * @param journalLines that were read
 * @param looks at the kernel's tables
 * @param gateways whose processes were watched
 * @param ledgerOverlaps in the ledgers alone
 * @param slowestSettling of a ledger's overlap after healing, milliseconds
 * @param members what they took
 * @param broken what was demanded and did not hold, one sentence each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
        long seed,
        double minutes,
        int cores,
        double busyCores,
        int guardedNodes,
        Map<Kind, Faults> kinds,
        int grants,
        int guarded,
        Words.Load load,
        long passersLives,
        long refusedGuards,
        int guards,
        long journalLines,
        int looks,
        int gateways,
        int ledgerOverlaps,
        long slowestSettling,
        Map<String, Vitals.Taken> members,
        List<String> broken) {
    /** After healing, no two leases of a ledger may overlap for longer. */
    static final long LONGEST_OVERLAP_MILLIS = 30_000;

    /** Per member; live data are some 15 MB, and a slow leak would be seen in a run of half an hour. */
    private static final double MOST_HEAP_SLOPE = 0.5;

    private static final double MOST_THREADS_SLOPE = 0.5;
    private static final double MOST_HEAP_MIB = 64;
    private static final double MOST_RESIDENT_MIB = 320;
    private static final double MOST_THREADS = 120;
    /** Shorter lives say nothing about a slope. */
    private static final double LEAST_MINUTES = 10;

    /**
     * What the faults of one kind did.
     *
     * @param overlaps of leases in the ledgers that began with one of them
     */
    record Faults(int count, long medianSettledMillis, long slowestSettledMillis, int overlaps) {}

    static Report of(
            long seed,
            double minutes,
            double busyCores,
            Fleet fleet,
            List<Outcome> outcomes,
            Verdict verdict,
            long linesMissing,
            Map<String, Vitals.Taken> members,
            List<String> troubles) {
        List<String> broken = new ArrayList<>(troubles);
        verdict.violations()
                .forEach(violation -> broken.add(
                        "%s (%s and %s)".formatted(violation.sentence(), violation.earlier(), violation.later())));
        verdict.gaps().forEach(gap -> broken.add("the history is not whole: " + gap));
        if (linesMissing > 0) {
            broken.add("the history is not whole: %d lines were rotated away".formatted(linesMissing));
        }
        if (verdict.guards() < fleet.guarded()) {
            broken.add("%d guards are in the journals (expected: at least %d)"
                    .formatted(verdict.guards(), fleet.guarded()));
        }
        outcomes.stream()
                .filter(outcome -> !outcome.settled())
                .forEach(outcome -> broken.add("fault %d (%s) never settled: %s"
                        .formatted(outcome.fault().number(), outcome.fault().story(), outcome.open())));
        long slowest = settling(verdict, outcomes, broken);
        members.forEach((name, taken) -> bounds(name, taken, broken));
        return new Report(
                seed,
                minutes,
                Runtime.getRuntime().availableProcessors(),
                busyCores,
                fleet.guarded(),
                kinds(outcomes, verdict),
                verdict.grants(),
                verdict.guarded(),
                fleet.loaded(),
                fleet.passersLives(),
                fleet.refusedGuards(),
                verdict.guards(),
                verdict.lines(),
                fleet.looks(),
                fleet.gatewaysWatched(),
                verdict.overlaps().found(),
                slowest,
                members,
                broken);
    }

    boolean held() {
        return broken.isEmpty();
    }

    private static long settling(Verdict verdict, List<Outcome> outcomes, List<String> broken) {
        long slowest = 0;
        for (Verdict.Overlap overlap : verdict.overlaps().each()) {
            Long to = overlap.toMillis();
            if (to == null) {
                broken.add("a ledger's overlap never ended: " + overlap.sentence());
                continue;
            }
            Outcome fault = during(overlap.fromMillis(), outcomes);
            long healed = fault == null ? 0 : fault.healedNanos() / 1_000_000;
            long settling = to - Math.max(healed, overlap.fromMillis());
            slowest = Math.max(slowest, settling);
            if (settling > LONGEST_OVERLAP_MILLIS) {
                broken.add("a ledger's overlap lasted %.1f s after healing: %s"
                        .formatted(settling / 1e3, overlap.sentence()));
            }
        }
        return slowest;
    }

    /** The last fault that began before; null: none. */
    private static @Nullable Outcome during(long millis, List<Outcome> outcomes) {
        Outcome last = null;
        for (Outcome outcome : outcomes) {
            if (outcome.beganNanos() / 1_000_000 <= millis) {
                last = outcome;
            }
        }
        return last;
    }

    private static Map<Kind, Faults> kinds(List<Outcome> outcomes, Verdict verdict) {
        Map<Kind, List<Long>> settled = new EnumMap<>(Kind.class);
        outcomes.forEach(outcome -> settled.computeIfAbsent(outcome.fault().kind(), kind -> new ArrayList<>())
                .add(outcome.settledMillis()));
        Map<Kind, Integer> overlaps = new EnumMap<>(Kind.class);
        for (Verdict.Overlap overlap : verdict.overlaps().each()) {
            Outcome fault = during(overlap.fromMillis(), outcomes);
            if (fault != null) {
                overlaps.merge(fault.fault().kind(), 1, Integer::sum);
            }
        }
        Map<Kind, Faults> kinds = new EnumMap<>(Kind.class);
        settled.forEach((kind, times) -> {
            List<Long> sorted = times.stream().sorted().toList();
            kinds.put(
                    kind,
                    new Faults(
                            sorted.size(),
                            sorted.get(sorted.size() / 2),
                            sorted.get(sorted.size() - 1),
                            overlaps.getOrDefault(kind, 0)));
        });
        return kinds;
    }

    private static void bounds(String name, Vitals.Taken taken, List<String> broken) {
        bound(name, "heap after a collection, MiB", taken.heapMiB(), MOST_HEAP_MIB, broken);
        bound(name, "resident memory, MiB", taken.residentMiB(), MOST_RESIDENT_MIB, broken);
        bound(name, "threads", taken.threads(), MOST_THREADS, broken);
        if (taken.minutes() >= LEAST_MINUTES) {
            bound(name, "growth of the heap, MiB a minute", taken.heapSlope(), MOST_HEAP_SLOPE, broken);
            bound(name, "growth of threads, a minute", taken.threadsSlope(), MOST_THREADS_SLOPE, broken);
        }
    }

    private static void bound(String name, String what, double is, double most, List<String> broken) {
        if (is > most) {
            broken.add("%s: %s: %.2f (expected: at most %.2f)".formatted(name, what, is, most));
        }
    }

    /** For a person. */
    List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add("seed %d, %.1f minutes, %d cores, of which %.1f were busy on average"
                .formatted(seed, minutes, cores, busyCores));
        lines.add("");
        lines.add("  %-28s %5s  %16s %16s  %s"
                .formatted("fault", "times", "stood after, s", "slowest, s", "ledger overlaps"));
        kinds.forEach((kind, faults) -> lines.add("  %-28s %5d  %16.1f %16.1f  %d"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        faults.count(),
                        faults.medianSettledMillis() / 1e3,
                        faults.slowestSettledMillis() / 1e3,
                        faults.overlaps())));
        lines.add("");
        lines.add("  grants           %d, of which %d were guarded".formatted(grants, guarded));
        lines.add("  load             %d granted, %d renewed, %d given back, %d without answer; refused: %s"
                .formatted(load.grants(), load.beats(), load.releases(), load.silent(), new TreeMap<>(load.refused())));
        lines.add(
                "  guards           %d taken; %d nodes stood all the time, %d lives of passers-by, %d times a guard refused a second"
                        .formatted(guards, guardedNodes, passersLives, refusedGuards));
        lines.add("  kernel's tables  %d looks".formatted(looks));
        lines.add("  gateways         %d watched".formatted(gateways));
        lines.add("  ledgers          %d overlaps, the slowest settled %.1f s after healing"
                .formatted(ledgerOverlaps, slowestSettling / 1e3));
        lines.add("  journals         %d lines".formatted(journalLines));
        lines.add("");
        lines.add("  %-8s %14s %12s %14s %12s %10s %12s %8s"
                .formatted(
                        "member",
                        "resident MiB",
                        "a minute",
                        "heap MiB",
                        "a minute",
                        "threads",
                        "a minute",
                        "minutes"));
        members.forEach((name, taken) -> lines.add("  %-8s %14.1f %12.2f %14.1f %12.2f %10.0f %12.2f %8.1f"
                .formatted(
                        name,
                        taken.residentMiB(),
                        taken.residentSlope(),
                        taken.heapMiB(),
                        taken.heapSlope(),
                        taken.threads(),
                        taken.threadsSlope(),
                        taken.minutes())));
        lines.add("");
        if (held()) {
            lines.add("HELD: no two guarded ranges overlapped, fences only grew, no gateway was stopped.");
        } else {
            broken.stream().limit(30).forEach(sentence -> lines.add("  " + sentence));
            lines.add("BROKEN: %d times".formatted(broken.size()));
        }
        return lines;
    }
}
