package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.health.verdict.Told;
import io.gatefleet.health.verdict.VerdictRules;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthMetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), 0);
    private final HealthMeters meters =
            new HealthMeters(registry, health.glance(0).reasons().keySet());

    @Test
    void instancesAreCountedByReasonAndHostsByState() {
        hear("mill/main", Told.report(GatewayState.RUNNING, null, Told.GOOD, List.of()));
        hear(
                "mill/rescue",
                Told.report(GatewayState.RUNNING, null, Told.GOOD, List.of(Told.finding("stranger-in-lease"))));
        hear("forge/main", Told.report(GatewayState.RUNNING, null, Told.GOOD, List.of()));
        meters.picture(health.glance(0));
        assertThat(reason("stranger-in-lease")).isEqualTo(1);
        assertThat(hosts("up")).isEqualTo(2);
        assertThat(hosts("down")).isZero();

        // Second by second: who looks after a long pause excuses everybody.
        for (int second = 1; second <= 60; second++) {
            long now = TimeUnit.SECONDS.toNanos(second);
            health.hear(Told.running(Told.key("forge/main"), 1L + second, Told.GOOD), now, new ArrayList<>());
            health.tick(now, new ArrayList<>());
            meters.picture(health.glance(now));
        }

        assertThat(hosts("up")).isEqualTo(1);
        assertThat(hosts("down")).isEqualTo(1);
        assertThat(reason("host-silent")).isEqualTo(2);
        assertThat(reason("stranger-in-lease")).isZero();
    }

    @Test
    void tenThousandInstancesHaveNoMoreSeriesThanNone() {
        meters.picture(health.glance(0));
        List<String> before = series();
        GatewayReport running = Told.report(GatewayState.RUNNING, null, Told.GOOD, List.of());
        GatewayReport ended = Told.report(GatewayState.EXITED, 78, null, List.of(Told.finding("of-tomorrow")));
        for (int i = 0; i < 10_000; i++) {
            hear("host-%d/i-%d".formatted(i / 20, i), i % 7 == 0 ? ended : running);
        }
        meters.picture(health.glance(0));

        assertThat(registry.get("gatefleet.instances").gauges().stream()
                        .mapToDouble(gauge -> gauge.value())
                        .sum())
                .isEqualTo(10_000);
        assertThat(series()).isEqualTo(before).hasSizeLessThan(120);
    }

    private void hear(String key, GatewayReport report) {
        InstanceKey instance = Told.key(key);
        health.hear(Told.beat(instance, 1, 1, report), 0, new ArrayList<>());
    }

    private double reason(String reason) {
        return registry.get("gatefleet.reasons").tag("reason", reason).gauge().value();
    }

    private double hosts(String state) {
        return registry.get("gatefleet.hosts").tag("state", state).gauge().value();
    }

    /** Names and labels, without values. */
    private List<String> series() {
        return registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .sorted()
                .toList();
    }
}
