package io.gatefleet.faults;

import io.gatefleet.history.check.HistoryCheck;
import io.gatefleet.history.check.Verdict;
import java.io.IOException;
import java.nio.file.Path;

/** What the journals of a fleet prove: the same that {@code gatefleet verify-history} would say of them. */
public final class Proof {
    private Proof() {}

    /** @param home of a fleet, with the journals of nodes, callers and members below it. Blocks. */
    public static Verdict of(Path home) throws IOException {
        HistoryCheck check = new HistoryCheck();
        for (Path journal : HistoryCheck.journals(home)) {
            check.read(journal);
        }
        return check.verdict();
    }
}
