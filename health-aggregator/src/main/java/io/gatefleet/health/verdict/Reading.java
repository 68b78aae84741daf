package io.gatefleet.health.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node's word says, before anything is weighed against what was heard earlier.
 *
 * @param process what the gateway's process and its probe say
 * @param verdicts further things that decide the verdict when they are worse
 * @param remarks trouble that is told and does not decide: of a gateway that is not meant to work now
 */
record Reading(Judgement process, List<Judgement> verdicts, List<Judgement> remarks) {
    Reading {
        verdicts = List.copyOf(verdicts);
        remarks = List.copyOf(remarks);
    }

    /** The worst of it, with {@code process} in the place of the word's own reading of the process. */
    Judgement worst(Judgement steadied) {
        List<Judgement> all = new ArrayList<>(verdicts);
        all.add(steadied);
        all.sort(Judgement.WORST_FIRST);
        return all.get(0);
    }
}
