package io.gatefleet.allocator;

import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Protection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides about the allocator.
 *
 * @param httpHost address to listen on
 * @param httpPort 0 to 65535; 0 for the kernel's choice
 * @param pool the ports of each host that can be lent
 * @param allowEphemeral whether ports of a host's ephemeral range may be lent
 * @param mostRejects offers that an incarnation may reject in a row, 1 to 100
 * @param times how long things take
 * @param reservations the file that keeps reservations; null: they end with the process
 * @param protection of the listener
 */
public record AllocatorConfig(
        String httpHost,
        int httpPort,
        PortSet pool,
        boolean allowEphemeral,
        int mostRejects,
        Times times,
        @Nullable Path reservations,
        Protection protection) {
    /** Below Linux' ephemeral range 32768-60999, from OpenClaw's default port up. */
    public static final PortSet DEFAULT_POOL = PortSet.parse("18789-32767");

    public static final int DEFAULT_HTTP_PORT = 7801;

    public AllocatorConfig {
        if (httpPort < 0 || httpPort > PortRange.HIGHEST_PORT) {
            throw new BadInput("httpPort", httpPort, "0 to 65535");
        }
        // Also checks what it is made of.
        new LeaseRules(pool, allowEphemeral, List.of(), mostRejects, 1, 1, 1);
    }

    public static AllocatorConfig defaults() {
        return new AllocatorConfig(
                "127.0.0.1", DEFAULT_HTTP_PORT, DEFAULT_POOL, false, 5, Times.DEFAULT, null, Protection.NONE);
    }

    public AllocatorConfig withHttp(String host, int port) {
        return new AllocatorConfig(host, port, pool, allowEphemeral, mostRejects, times, reservations, protection);
    }

    public AllocatorConfig withPool(PortSet other) {
        return new AllocatorConfig(
                httpHost, httpPort, other, allowEphemeral, mostRejects, times, reservations, protection);
    }

    public AllocatorConfig withTimes(Times other) {
        return new AllocatorConfig(
                httpHost, httpPort, pool, allowEphemeral, mostRejects, other, reservations, protection);
    }

    public AllocatorConfig withReservations(@Nullable Path file) {
        return new AllocatorConfig(httpHost, httpPort, pool, allowEphemeral, mostRejects, times, file, protection);
    }

    public AllocatorConfig withProtection(Protection other) {
        return new AllocatorConfig(httpHost, httpPort, pool, allowEphemeral, mostRejects, times, reservations, other);
    }

    LeaseRules rules(List<ReservationView> reserved) {
        return new LeaseRules(
                pool,
                allowEphemeral,
                reserved,
                mostRejects,
                times.term().toMillis(),
                times.offered().toMillis(),
                times.recovery().toMillis());
    }

    /**
     * How long things take, each 1 ms to 30 days.
     *
     * @param term a lease lapses when it is not renewed for that long
     * @param offered an offer lapses when it is not confirmed for that long
     * @param sweep between two looks at what is due
     * @param released rest of a range given back without proof that its sockets are closed
     * @param lapsed rest of a range whose node fell silent: a gateway takes up to 40 s to listen, and a browser may live on
     * @param busy rest of ports that a node found busy
     * @param recovery how long grants wait for unknown guards: one heartbeat
     */
    public record Times(
            Duration term,
            Duration offered,
            Duration sweep,
            Duration released,
            Duration lapsed,
            Duration busy,
            Duration recovery) {
        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5));

        public Times {
            check("term", term);
            check("offered", offered);
            check("sweep", sweep);
            check("rest.released", released);
            check("rest.lapsed", lapsed);
            check("rest.busy", busy);
            check("recovery", recovery);
        }

        private static void check(String name, Duration time) {
            if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(30)) > 0) {
                throw new BadInput(name, time, "PT0.001S to 30 days");
            }
        }
    }
}
