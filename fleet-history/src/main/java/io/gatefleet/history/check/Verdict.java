package io.gatefleet.history.check;

import java.util.List;

/**
 * What a history proves.
 *
 * @param lines that were read
 * @param writers lives of nodes and allocators
 * @param spaces port spaces
 * @param guards guards that were taken
 * @param grants leases that were granted
 * @param violations the first ones of them, in the order of time
 * @param violated how many there are
 * @param gaps why the history is not whole, one sentence each: for such a time nothing is proven
 * @param overlaps of leases in the allocators' own ledgers, which the guards are there to survive
 */
public record Verdict(
        long lines,
        int writers,
        int spaces,
        int guards,
        int grants,
        List<Violation> violations,
        int violated,
        List<String> gaps,
        Overlaps overlaps) {
    public Verdict {
        violations = List.copyOf(violations);
        gaps = List.copyOf(gaps);
    }

    /** Nothing was violated, and nothing is missing that could hide a violation. */
    public boolean proven() {
        return violated == 0 && gaps.isEmpty();
    }

    /**
     * Leases of one host that stood in the ledgers at the same time with ports in common, as it happens when a cluster is
     * cut in two.
     *
     * @param found how many pairs
     * @param longestMillis how long the longest lasted that ended
     * @param unsettled how many had not ended when the history did
     * @param example one sentence on the first; empty where there is none
     */
    public record Overlaps(int found, long longestMillis, int unsettled, String example) {}
}
