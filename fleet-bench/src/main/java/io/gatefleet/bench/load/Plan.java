package io.gatefleet.bench.load;

import java.util.List;

/**
 * How thoroughly is measured.
 *
 * @param rounds how often every service is started and measured anew, one after the other, so that a bad minute of the
 *     machine is shared
 * @param repeats how often each scenario runs in a round, in turn with the others
 * @param warmup what runs before, again and again until it becomes no faster, and does not count
 * @param mostWarmups how often at most
 * @param scenarios what counts
 */
public record Plan(int rounds, int repeats, List<Scenario> warmup, int mostWarmups, List<Scenario> scenarios) {
    /** Callers of the largest scenarios. */
    public static final int MOST_CALLERS = 64;

    private static final List<Seat> FLEET = Seat.of("fleet", 50, 20);
    private static final List<Seat> CROWD = Seat.of("crowd", 1, 100);

    public Plan {
        if (rounds < 1 || repeats < 1 || mostWarmups < 1) {
            throw new IllegalArgumentException("rounds: %d, repeats: %d, mostWarmups: %d (expected: 1 or more)"
                    .formatted(rounds, repeats, mostWarmups));
        }
        warmup = List.copyOf(warmup);
        scenarios = List.copyOf(scenarios);
    }

    /** Half an hour for everything: three JVMs on two cores need a minute until they are compiled. */
    public static Plan full() {
        return new Plan(2, 2, List.of(fleet(MOST_CALLERS, 4_000), crowd(1_000), fleet(1, 1_000)), 12, scenarios(1_000));
    }

    /** A minute and a half for everything; shows that it runs, and little more. */
    public static Plan quick() {
        return new Plan(1, 1, List.of(fleet(MOST_CALLERS, 600), fleet(1, 100)), 1, scenarios(200));
    }

    public Plan withRounds(int others) {
        return new Plan(others, repeats, warmup, mostWarmups, scenarios);
    }

    private static List<Scenario> scenarios(long millis) {
        return List.of(fleet(1, millis), fleet(16, millis), fleet(64, 3 * millis / 2), crowd(millis));
    }

    private static Scenario fleet(int callers, long millis) {
        return new Scenario("50 hosts", callers, FLEET, millis);
    }

    private static Scenario crowd(long millis) {
        return new Scenario("one host", MOST_CALLERS, CROWD, millis);
    }
}
