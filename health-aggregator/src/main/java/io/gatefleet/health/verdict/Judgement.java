package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.Verdict;
import java.util.Comparator;

/**
 * One thing that is to be said of an instance.
 *
 * @param state usually the reason's own
 * @param code on the wire; the reason's, but for findings that this version does not know
 */
record Judgement(Reason reason, Verdict.State state, String code, String sentence) {
    /** The worst first; of equally bad ones, what to deal with first. */
    static final Comparator<Judgement> WORST_FIRST =
            Comparator.comparing(Judgement::state).reversed().thenComparing(Judgement::reason);

    static Judgement of(Reason reason, String sentence) {
        return new Judgement(reason, reason.state(), reason.code(), sentence);
    }

    Judgement as(Verdict.State other) {
        return new Judgement(reason, other, code, sentence);
    }
}
