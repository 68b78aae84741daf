package io.gatefleet.health.verdict;

import io.gatefleet.contract.BadInput;
import java.time.Duration;

/**
 * When the aggregator believes what.
 *
 * @param suspect a node that was silent for so long is suspect; at least 10 ms
 * @param silent and for so long, its gateway cannot be reached; longer than {@code suspect}
 * @param badToFall bad checks in a row that turn a good gateway bad, 1 to 100
 * @param goodToRise good checks in a row that turn a bad one good, 1 to 100
 * @param checkEvery two words less than this apart are one check, unless they differ: a node speaks at once on any
 *     change, and must not count one answer of its gateway twice
 * @param startGrace a gateway may take so long to start; OpenClaw took 21 s at worst, its older relatives 40 s
 * @param forget a silent instance leaves the picture after this; at least {@code silent}
 * @param flapping when a gateway is called restless
 * @param doubt when silence is not believed
 */
public record VerdictRules(
        Duration suspect,
        Duration silent,
        int badToFall,
        int goodToRise,
        Duration checkEvery,
        Duration startGrace,
        Duration forget,
        Flapping flapping,
        Doubt doubt) {
    /**
     * A node whose open request broke off is suspect unless it is heard again within this: at the same registry, at another,
     * or by a heartbeat. A registry that restarts loses all its nodes' requests, and has them back in less.
     */
    static final Duration COMES_BACK = Duration.ofSeconds(2);

    /**
     * When a gateway is called restless.
     *
     * @param window how many checks are looked at, 3 to 1000
     * @param enter flapping begins at this part of all changes that there could have been, above {@code leave}, at most 1
     * @param leave and ends below this one, above 0
     */
    public record Flapping(int window, double enter, double leave) {
        /** As Nagios does it. */
        public static final Flapping DEFAULT = new Flapping(21, 0.30, 0.15);

        public Flapping {
            if (window < 3 || window > 1000) {
                throw new BadInput("flapping.window", window, "3 to 1000");
            }
            if (!(leave > 0 && leave < enter && enter <= 1)) {
                throw new BadInput("flapping", enter + " and " + leave, "0 < leave < enter <= 1");
            }
        }
    }

    /**
     * When the observer doubts itself: when more fall silent at once than both bounds allow.
     *
     * @param least so many are always believed, at least 1
     * @param share and so large a part of all, 0 to 1
     * @param longest silence is held back for no longer than this
     */
    public record Doubt(int least, double share, Duration longest) {
        public static final Doubt DEFAULT = new Doubt(3, 0.20, Duration.ofMinutes(10));

        public Doubt {
            if (least < 1) {
                throw new BadInput("doubt.least", least, "at least 1");
            }
            if (!(share >= 0 && share <= 1)) {
                throw new BadInput("doubt.share", share, "0 to 1");
            }
            atLeast("doubt.longest", longest, Duration.ZERO);
        }

        /** How many of {@code all} may fall silent at once and be believed. */
        int believed(int all) {
            return Math.max(least, (int) (all * share));
        }
    }

    public VerdictRules {
        atLeast("suspect", suspect, Duration.ofMillis(10));
        if (silent.compareTo(suspect) <= 0) {
            throw new BadInput("silent", silent, "longer than suspect, which is " + suspect);
        }
        atLeast("forget", forget, silent);
        atLeast("startGrace", startGrace, Duration.ofMillis(10));
        atLeast("checkEvery", checkEvery, Duration.ZERO);
        if (badToFall < 1 || badToFall > 100) {
            throw new BadInput("badToFall", badToFall, "1 to 100");
        }
        if (goodToRise < 1 || goodToRise > 100) {
            throw new BadInput("goodToRise", goodToRise, "1 to 100");
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
                Duration.ofHours(24),
                Flapping.DEFAULT,
                Doubt.DEFAULT);
    }

    public VerdictRules withSilence(Duration suspectAfter, Duration silentAfter) {
        return new VerdictRules(
                suspectAfter, silentAfter, badToFall, goodToRise, checkEvery, startGrace, forget, flapping, doubt);
    }

    public VerdictRules withChecks(int bad, int good) {
        return new VerdictRules(suspect, silent, bad, good, checkEvery, startGrace, forget, flapping, doubt);
    }

    public VerdictRules withFlapping(Flapping other) {
        return new VerdictRules(suspect, silent, badToFall, goodToRise, checkEvery, startGrace, forget, other, doubt);
    }

    public VerdictRules withDoubt(Doubt other) {
        return new VerdictRules(
                suspect, silent, badToFall, goodToRise, checkEvery, startGrace, forget, flapping, other);
    }

    private static void atLeast(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new BadInput(name, value, "at least " + least);
        }
    }
}
