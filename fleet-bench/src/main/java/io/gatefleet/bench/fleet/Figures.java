package io.gatefleet.bench.fleet;

import java.util.Map;

/**
 * What was measured with so many nodes.
 *
 * @param nodes in the fleet
 * @param stormSeconds from the first registration until all had a lease
 * @param leasedMillis from the first registration until a node had its lease
 * @param beatsPerSecond heartbeats that were answered
 * @param beatMillis from a node's word to its answer: median and 99 %
 * @param failures what went wrong, and how often
 * @param cores how much of a core all processes of each service took in steady state, by its name
 * @param generatorCores the same of the nodes that were played here
 * @param heapMegabytes the most heap that a process of each service had in use, before it was collected
 * @param healthMillis {@code GET /v1/fleet/health}
 * @param watchers clients of the fleet's watch
 * @param watchersSyncedSeconds from the first connection until each of them had the whole fleet
 * @param deathMillis from a node's word that its gateway died to the event at each watcher
 * @param silentLateMillis from the end of a silent node's deadline to the event at each watcher
 */
public record Figures(
        int nodes,
        double stormSeconds,
        Times leasedMillis,
        double beatsPerSecond,
        Times beatMillis,
        Map<String, Integer> failures,
        Map<String, Double> cores,
        double generatorCores,
        Map<String, Double> heapMegabytes,
        Times healthMillis,
        int watchers,
        double watchersSyncedSeconds,
        Times deathMillis,
        Times silentLateMillis) {
    public Figures {
        failures = Map.copyOf(failures);
        cores = Map.copyOf(cores);
        heapMegabytes = Map.copyOf(heapMegabytes);
    }

    /** In milliseconds. */
    public record Times(double p50, double p99, double most) {}

    /** Of all services together. */
    public double coresOfAll() {
        return cores.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
