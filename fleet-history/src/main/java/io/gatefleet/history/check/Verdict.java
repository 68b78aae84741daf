package io.gatefleet.history.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a history proves.
 *
 * @param lines that were read
 * @param writers lives of nodes and allocators
 * @param spaces port spaces
 * @param guards guards that were taken
 * @param grants leases that were granted
 * @param guarded leases that a guard was held for, as its words say by their fences
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
        int guarded,
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
     * @param each the first thousand of them
     */
    public record Overlaps(int found, long longestMillis, int unsettled, String example, List<Overlap> each) {
        public Overlaps {
            each = List.copyOf(each);
        }
    }

    /**
     * Two leases of a host with ports in common.
     *
     * @param sentence who got what while who had what
     * @param fromMillis when it began, by the machine's monotonic clock; by the wall clock, where a history is of several
     *     boots or machines
     * @param toMillis when it ended, by the same; null: it had not ended when the history did
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Overlap(
            String sentence, long fromMillis, @Nullable Long toMillis) {}
}
