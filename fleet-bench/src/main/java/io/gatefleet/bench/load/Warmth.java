package io.gatefleet.bench.load;

/**
 * Whether a service is warm: four turns one after the other were at most a twentieth faster than the best before them. The
 * same rule for all, because each of them that runs on a JVM is slow until what it does is compiled, and a control plane
 * runs for months.
 */
public final class Warmth {
    private static final double FASTER = 1.05;
    private static final int FLAT_TURNS = 4;

    private double best;
    private int flat;

    /** @param perSecond what a turn reached */
    public void turn(double perSecond) {
        flat = perSecond > FASTER * best ? 0 : flat + 1;
        best = Math.max(best, perSecond);
    }

    public boolean isWarm() {
        return flat >= FLAT_TURNS;
    }
}
