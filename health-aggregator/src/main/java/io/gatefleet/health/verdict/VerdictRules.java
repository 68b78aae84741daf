package io.gatefleet.health.verdict;

import io.gatefleet.contract.BadInput;
import java.time.Duration;

/**
 * When the aggregator believes what.
 *
 * @param suspect a node that was silent for so long is suspect
 * @param silent and for so long, its gateway cannot be reached; longer than {@code suspect}
 * @param badToFall bad checks in a row that turn a good gateway bad, at least 1
 * @param goodToRise good checks in a row that turn a bad one good, at least 1
 * @param checkEvery two words less than this apart are one check, unless they differ: a node speaks at once on any
 *     change, and must not count one answer of its gateway twice
 * @param startGrace a gateway may take so long to start; OpenClaw took 21 s at worst, its older relatives 40 s
 * @param holdLongest verdicts by silence are held back for no longer than this
 * @param forget a silent instance leaves the picture after this
 */
public record VerdictRules(
        Duration suspect,
        Duration silent,
        int badToFall,
        int goodToRise,
        Duration checkEvery,
        Duration startGrace,
        Duration holdLongest,
        Duration forget) {
    /** Silence of more than this many at once, and of more than {@link #MANY_SHARE} of all, is not believed at first. */
    static final int MANY = 3;

    static final double MANY_SHARE = 0.20;

    public VerdictRules {
        atLeast("suspect", suspect, Duration.ofMillis(10));
        if (silent.compareTo(suspect) <= 0) {
            throw new BadInput("silent", silent, "longer than suspect, which is " + suspect);
        }
        atLeast("forget", forget, silent);
        atLeast("startGrace", startGrace, Duration.ofMillis(10));
        atLeast("holdLongest", holdLongest, Duration.ZERO);
        atLeast("checkEvery", checkEvery, Duration.ZERO);
        if (badToFall < 1 || badToFall > FlapFilter.WINDOW) {
            throw new BadInput("badToFall", badToFall, "1 to " + FlapFilter.WINDOW);
        }
        if (goodToRise < 1 || goodToRise > FlapFilter.WINDOW) {
            throw new BadInput("goodToRise", goodToRise, "1 to " + FlapFilter.WINDOW);
        }
    }

    public static VerdictRules defaults() {
        return new VerdictRules(
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                2,
                2,
                Duration.ofMillis(500),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10),
                Duration.ofHours(24));
    }

    public VerdictRules withSilence(Duration suspectAfter, Duration silentAfter) {
        return new VerdictRules(
                suspectAfter, silentAfter, badToFall, goodToRise, checkEvery, startGrace, holdLongest, forget);
    }

    /** How many of {@code all} may fall silent at once and be believed. */
    static int mostBelieved(int all) {
        return Math.max(MANY, (int) (all * MANY_SHARE));
    }

    private static void atLeast(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new BadInput(name, value, "at least " + least);
        }
    }
}
