package io.gatefleet.node.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * Decides whether and when a gateway that ended unasked is started again. Pure: time is an argument.
 *
 * <p>What OpenClaw's exit codes mean: 78 is a configuration it does not start with, a lock, or a second gateway on the same
 * state; starting it again cannot help, and its own service units leave it alone too. 0 without being asked may mean
 * "restart me". Everything else, and the unknown code of an adopted gateway, is a crash.
 *
 * <p>OpenClaw counts crashes as well: the boot after three of them within 5 minutes leaves its channels off, looks healthy
 * and answers nobody. So after the second one the next start waits, and after the third until only two are left in the
 * window.
 */
final class RestartPolicy {
    /** EX_CONFIG of sysexits.h. */
    static final int NEVER_AGAIN = 78;

    private static final long MARGIN_MILLIS = 1_000;
    private static final int MOST_BOOTS_IN_WINDOW = 2;

    private final long firstMillis;
    private final long longestMillis;
    private final long pauseMillis;
    private final long windowMillis;
    private final Deque<Long> crashes = new ArrayDeque<>();
    private int shortLives;

    RestartPolicy(GatewayConfig.Times times) {
        firstMillis = times.firstBackoff().toMillis();
        longestMillis = times.longestBackoff().toMillis();
        pauseMillis = times.breakerPause().toMillis();
        windowMillis = times.breakerWindow().toMillis();
    }

    /**
     * What to do about an end.
     *
     * @param again whether it is started again at all
     * @param pause before that
     * @param crashLoop whether the pause is there for the gateway's own crash counter; a person should look
     */
    record Verdict(boolean again, Duration pause, boolean crashLoop) {}

    /**
     * @param exitCode empty where nobody can know it
     * @param nowMillis monotonic
     * @param livedMillis how long this life was: a long one forgives the short ones before it
     */
    Verdict ended(OptionalInt exitCode, long nowMillis, long livedMillis) {
        if (exitCode.equals(OptionalInt.of(NEVER_AGAIN))) {
            return new Verdict(false, Duration.ZERO, false);
        }
        if (livedMillis >= windowMillis) {
            shortLives = 0;
        }
        shortLives++;
        long pause = Math.min(longestMillis, firstMillis << Math.min(shortLives - 1, 20));
        boolean crashed = !exitCode.equals(OptionalInt.of(0));
        if (crashed) {
            crashes.addLast(nowMillis);
        }
        while (!crashes.isEmpty() && nowMillis - crashes.getFirst() >= windowMillis) {
            crashes.removeFirst();
        }
        boolean loop = crashed && crashes.size() >= MOST_BOOTS_IN_WINDOW;
        if (loop) {
            pause = Math.max(pause, pauseMillis);
        }
        if (crashes.size() > MOST_BOOTS_IN_WINDOW) {
            long oldestThatCounts = crashes.stream()
                    .skip(crashes.size() - 1L - MOST_BOOTS_IN_WINDOW)
                    .findFirst()
                    .orElseThrow();
            pause = Math.max(pause, oldestThatCounts + windowMillis + MARGIN_MILLIS - nowMillis);
        }
        return new Verdict(true, Duration.ofMillis(pause), loop);
    }
}
