package io.gatefleet.health;

import io.gatefleet.contract.BadInput;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.watch.WatchRules;
import java.time.Duration;

/**
 * How a health-aggregator runs.
 *
 * @param httpHost the address to listen on
 * @param httpPort the port to listen on, 0 to 65535; 0: the kernel's choice
 * @param rules when it believes what
 * @param tick how often it looks for silence, 10 ms to 10 s
 * @param watch how much watching is allowed
 * @param protection of the listener
 */
public record HealthConfig(
        String httpHost, int httpPort, VerdictRules rules, Duration tick, WatchRules watch, Protection protection) {
    public static final int DEFAULT_PORT = 7802;

    public HealthConfig {
        if (httpHost.isBlank()) {
            throw new BadInput("httpHost", httpHost, "an address to listen on");
        }
        if (httpPort < 0 || httpPort > 65_535) {
            throw new BadInput("httpPort", httpPort, "0 to 65535");
        }
        if (tick.toMillis() < 10 || tick.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new BadInput("tick", tick, "10 ms to 10 s");
        }
    }

    public static HealthConfig defaults() {
        return new HealthConfig(
                "127.0.0.1",
                DEFAULT_PORT,
                VerdictRules.defaults(),
                Duration.ofMillis(500),
                WatchRules.DEFAULT,
                Protection.NONE);
    }

    public HealthConfig listeningOn(String host, int port) {
        return new HealthConfig(host, port, rules, tick, watch, protection);
    }

    public HealthConfig withRules(VerdictRules other) {
        return new HealthConfig(httpHost, httpPort, other, tick, watch, protection);
    }

    public HealthConfig withTick(Duration every) {
        return new HealthConfig(httpHost, httpPort, rules, every, watch, protection);
    }

    public HealthConfig withWatch(WatchRules other) {
        return new HealthConfig(httpHost, httpPort, rules, tick, other, protection);
    }

    public HealthConfig withProtection(Protection other) {
        return new HealthConfig(httpHost, httpPort, rules, tick, watch, other);
    }
}
