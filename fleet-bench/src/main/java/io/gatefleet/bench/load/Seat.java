package io.gatefleet.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * An instance that wants ports.
 *
 * @param number of the instance on its host, from 0
 */
public record Seat(String host, int number) {
    /** Ports that each seat wants: a wide OpenClaw's footprint. */
    public static final int WIDTH = 111;

    /** The pool of every host: what Gatefleet lends by default. */
    public static final int POOL_FIRST = 18_789;

    /** Ranges side by side in a host's pool. */
    public static final int FITS = (32_767 - POOL_FIRST + 1) / WIDTH;

    /**
     * So many instances on so many hosts; neighbours in the list stand on different hosts, as arrivals in a fleet do.
     *
     * @param prefix of the hosts' names
     */
    public static List<Seat> of(String prefix, int hosts, int perHost) {
        if (perHost > FITS) {
            throw new IllegalArgumentException(
                    "perHost: %d (expected: at most %d, which a pool takes)".formatted(perHost, FITS));
        }
        List<Seat> seats = new ArrayList<>();
        for (int instance = 0; instance < perHost; instance++) {
            for (int host = 0; host < hosts; host++) {
                seats.add(new Seat(prefix + "-" + host, instance));
            }
        }
        return List.copyOf(seats);
    }

    /** The instance's name on its host. */
    public String instance() {
        return "agent-" + number;
    }

    /** The first port of one of the ranges that stand side by side in a pool. */
    public static int base(int range) {
        return POOL_FIRST + range * WIDTH;
    }
}
