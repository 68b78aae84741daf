package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.history.check.Verdict;
import java.io.IOException;
import java.nio.file.Path;

/** How each case ends: with a proof from the journals. */
final class Proven {
    private Proven() {}

    /**
     * Prints what the journals say, and insists that they prove that nothing was wrong.
     *
     * @param fleet with the journals of nodes, callers and members below it
     */
    static Verdict nothingWasWrong(Path fleet) throws IOException {
        Verdict verdict = Proof.of(fleet);
        System.out.println(verdict);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.gaps()).isEmpty();
        assertThat(verdict.proven()).isTrue();
        return verdict;
    }
}
