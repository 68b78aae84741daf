package io.gatefleet.bench.load;

import java.util.List;

/**
 * So many callers, who do all of the seats' work as fast as they are answered.
 *
 * @param name as the table has it
 * @param callers words under way at any time, 1 or more
 * @param seats whose ranges are acquired, renewed ten times each, and released
 * @param millis for how long, again and again; at least once
 */
public record Scenario(String name, int callers, List<Seat> seats, long millis) {
    /** Renewals for each acquired range. */
    public static final int RENEWALS = 10;

    public Scenario {
        if (callers < 1 || seats.isEmpty() || millis < 1) {
            throw new IllegalArgumentException("callers: %d, seats: %d, millis: %d (expected: 1 or more of each)"
                    .formatted(callers, seats.size(), millis));
        }
        seats = List.copyOf(seats);
    }
}
