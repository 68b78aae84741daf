package io.gatefleet.faults.nemesis;

import java.util.ArrayList;
import java.util.List;

/**
 * How something grew with time while processes came and went: the common slope of all lives, each with a level of its own,
 * by least squares. Pure.
 */
final class Slope {
    private final List<Life> lives = new ArrayList<>();

    private static final class Life {
        final String name;
        final List<double[]> points = new ArrayList<>();

        Life(String name) {
            this.name = name;
        }
    }

    /**
     * Adds a sample.
     *
     * @param life whose it is; samples of a life follow each other
     * @param minutes when
     */
    void add(String life, double minutes, double value) {
        if (lives.isEmpty() || !lives.get(lives.size() - 1).name.equals(life)) {
            lives.add(new Life(life));
        }
        lives.get(lives.size() - 1).points.add(new double[] {minutes, value});
    }

    /** Samples of all lives. */
    int samples() {
        return lives.stream().mapToInt(life -> life.points.size()).sum();
    }

    /** Minutes that were looked at: from the first sample of each life to its last. */
    double minutes() {
        return lives.stream()
                .mapToDouble(life ->
                        life.points.get(life.points.size() - 1)[0] - life.points.get(0)[0])
                .sum();
    }

    double largest() {
        return lives.stream()
                .flatMap(life -> life.points.stream())
                .mapToDouble(point -> point[1])
                .max()
                .orElse(0);
    }

    /** How much more each minute; 0 where nothing can be said. */
    double perMinute() {
        double products = 0;
        double squares = 0;
        for (Life life : lives) {
            double time = life.points.stream()
                    .mapToDouble(point -> point[0])
                    .average()
                    .orElse(0);
            double level = life.points.stream()
                    .mapToDouble(point -> point[1])
                    .average()
                    .orElse(0);
            for (double[] point : life.points) {
                products += (point[0] - time) * (point[1] - level);
                squares += (point[0] - time) * (point[0] - time);
            }
        }
        return squares == 0 ? 0 : products / squares;
    }
}
