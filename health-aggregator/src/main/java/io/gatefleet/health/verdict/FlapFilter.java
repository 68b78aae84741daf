package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How restless an instance was in its last checks: the changes among them, the newest weighing half as much again as the
 * oldest, as a part of all changes that there could have been. Flapping begins at one bound and ends below a lower one,
 * so that the word "flapping" does not flap.
 *
 * @see <a href="https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/flapping.html">the idea's source</a>
 */
final class FlapFilter {
    private static final double OLDEST_WEIGHT = 0.8;
    private static final double NEWEST_WEIGHT = 1.2;

    private final VerdictRules.Flapping rules;
    private final Deque<Verdict.State> checks;
    private double score;
    private boolean flapping;

    FlapFilter(VerdictRules.Flapping rules) {
        this.rules = rules;
        this.checks = new ArrayDeque<>(rules.window());
    }

    void check(Verdict.State state) {
        if (checks.size() == rules.window()) {
            checks.removeFirst();
        }
        checks.addLast(state);
        score = weigh();
        flapping = flapping ? score >= rules.leave() : score >= rules.enter();
    }

    /** 0 to 1. */
    double score() {
        return score;
    }

    boolean flapping() {
        return flapping;
    }

    private double weigh() {
        int transitions = rules.window() - 1;
        // A window that is not full yet counts as if nothing had changed before.
        int at = rules.window() - checks.size();
        double sum = 0;
        Verdict.@Nullable State before = null;
        for (Verdict.State state : checks) {
            if (before != null) {
                if (before != state) {
                    sum += OLDEST_WEIGHT + (NEWEST_WEIGHT - OLDEST_WEIGHT) * at / (transitions - 1);
                }
                at++;
            }
            before = state;
        }
        return sum / transitions;
    }
}
