package io.gatefleet.registry.discovery;

import java.util.List;
import java.util.Map;

/**
 * Prometheus' own form of something to scrape.
 *
 * @param targets each {@code HOST:PORT}
 * @param labels of them all; those that begin with {@code __} are for relabelling
 * @see <a href="https://prometheus.io/docs/prometheus/latest/http_sd/">HTTP service discovery</a>
 */
public record TargetGroup(List<String> targets, Map<String, String> labels) {
    public TargetGroup {
        targets = List.copyOf(targets);
        labels = Map.copyOf(labels);
    }
}
