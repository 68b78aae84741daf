package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.registry.instance.Pacing;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.watch.WatchRules;
import java.time.Duration;

/**
 * How a registry-service runs.
 *
 * @param httpHost the address to listen on
 * @param httpPort the port to listen on, 0 to 65535; 0: the kernel's choice
 * @param pacing how often nodes shall speak
 * @param askTimeout how long to wait for the port-allocator, twice at most; 10 ms to 1 min
 * @param retryAfter when a node shall ask again that could not be served, 1 ms to 1 min
 * @param forgetDeparted how long instances are shown that said goodbye
 * @param forgetSilent how long instances are shown that fell silent
 * @param learn how long one that has just started shows nobody a list, unless another one tells it of the fleet, zero to
 *     10 min; zero: it answers at once
 * @param watch how much watching is allowed
 * @param protection of the listener
 */
public record RegistryConfig(
        String httpHost,
        int httpPort,
        Pacing pacing,
        Duration askTimeout,
        Duration retryAfter,
        Duration forgetDeparted,
        Duration forgetSilent,
        Duration learn,
        WatchRules watch,
        Protection protection) {
    public static final int DEFAULT_PORT = 7800;

    public RegistryConfig {
        if (httpHost.isBlank()) {
            throw new BadInput("httpHost", httpHost, "an address to listen on");
        }
        if (httpPort < 0 || httpPort > 65_535) {
            throw new BadInput("httpPort", httpPort, "0 to 65535");
        }
        within("askTimeout", askTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        within("retryAfter", retryAfter, Duration.ofMillis(1), Duration.ofMinutes(1));
        within("forgetDeparted", forgetDeparted, Duration.ZERO, Duration.ofDays(30));
        within("learn", learn, Duration.ZERO, Duration.ofMinutes(10));
        within("forgetSilent", forgetSilent, Duration.ofSeconds(1), Duration.ofDays(30));
    }

    public static RegistryConfig defaults() {
        return new RegistryConfig(
                "127.0.0.1",
                DEFAULT_PORT,
                new Pacing(Duration.ofSeconds(1), 2000),
                // Twice this and a pause stay below the 2 s that a node waits: it shall hear that the allocator is
                // silent, and not take the registry for silent.
                Duration.ofMillis(900),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                Duration.ZERO,
                WatchRules.DEFAULT,
                Protection.NONE);
    }

    public RegistryConfig listeningOn(String host, int port) {
        return new RegistryConfig(
                host, port, pacing, askTimeout, retryAfter, forgetDeparted, forgetSilent, learn, watch, protection);
    }

    public RegistryConfig withPacing(Pacing other) {
        return new RegistryConfig(
                httpHost,
                httpPort,
                other,
                askTimeout,
                retryAfter,
                forgetDeparted,
                forgetSilent,
                learn,
                watch,
                protection);
    }

    public RegistryConfig withAskTimeout(Duration timeout) {
        return new RegistryConfig(
                httpHost,
                httpPort,
                pacing,
                timeout,
                retryAfter,
                forgetDeparted,
                forgetSilent,
                learn,
                watch,
                protection);
    }

    public RegistryConfig withMemory(Duration departed, Duration silent) {
        return new RegistryConfig(
                httpHost, httpPort, pacing, askTimeout, retryAfter, departed, silent, learn, watch, protection);
    }

    public RegistryConfig withLearning(Duration longest) {
        return new RegistryConfig(
                httpHost,
                httpPort,
                pacing,
                askTimeout,
                retryAfter,
                forgetDeparted,
                forgetSilent,
                longest,
                watch,
                protection);
    }

    public RegistryConfig withWatch(WatchRules other) {
        return new RegistryConfig(
                httpHost,
                httpPort,
                pacing,
                askTimeout,
                retryAfter,
                forgetDeparted,
                forgetSilent,
                learn,
                other,
                protection);
    }

    public RegistryConfig withProtection(Protection other) {
        return new RegistryConfig(
                httpHost, httpPort, pacing, askTimeout, retryAfter, forgetDeparted, forgetSilent, learn, watch, other);
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadInput(name, value, least + " to " + most);
        }
    }
}
