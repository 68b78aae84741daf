package io.gatefleet.node;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GuardState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The node's meters, {@code gatefleet.node.*}. They carry no instance: one node is one target. */
final class NodeMeters {
    private final Counter beatsFailed;
    private final Counter rejected;

    NodeMeters(MeterRegistry meters, Supplier<NodeStatus> status) {
        gauge(
                meters,
                status,
                "guard.held",
                "1 while the guard of the whole lease is held",
                now -> now.guard() == GuardState.HELD ? 1 : 0);
        gauge(meters, status, "lease.base", "First port of the lease; 0 without one", now -> {
            var lease = now.lease();
            return lease == null ? 0 : lease.base();
        });
        gauge(
                meters,
                status,
                "registered",
                "1 while the control plane knows where the node stands",
                now -> now.registered() ? 1 : 0);
        gauge(meters, status, "gateway.up", "1 while a process of the gateway exists", now -> switch (now.gateway()
                .state()) {
            case STARTING, RUNNING, DRAINING, UNGUARDED -> 1;
            case STOPPED, EXITED, BACKOFF -> 0;
        });
        gauge(meters, status, "gateway.ready", "1 while the gateway takes work", now -> {
            GatewayReport.Probe probe = now.gateway().probe();
            return probe != null && probe.ready() ? 1 : 0;
        });
        gauge(meters, status, "gateway.restarts", "How often this node started its gateway again", now -> now.gateway()
                .restarts());
        gauge(meters, status, "gateway.resident.bytes", "Memory of the gateway's whole process tree", now -> {
            Long bytes = now.gateway().residentBytes();
            return bytes == null ? 0 : bytes;
        });
        gauge(meters, status, "resident.bytes", "Memory of the node's own process", NodeStatus::residentBytes);
        gauge(meters, status, "findings", "Troubles that the node sees now", now -> now.gateway()
                .findings()
                .size());
        beatsFailed = Counter.builder("gatefleet.node.beats.failed")
                .description("Heartbeats that were refused or not answered")
                .register(meters);
        rejected = Counter.builder("gatefleet.node.ranges.busy")
                .description("Ranges that were tried and found busy")
                .register(meters);
    }

    void beatFailed() {
        beatsFailed.increment();
    }

    void rejected() {
        rejected.increment();
    }

    private static void gauge(
            MeterRegistry meters,
            Supplier<NodeStatus> status,
            String name,
            String what,
            ToDoubleFunction<NodeStatus> value) {
        // By supplier: of any other object a gauge keeps a weak reference, and shows NaN once that is collected.
        Gauge.builder("gatefleet.node." + name, () -> value.applyAsDouble(status.get()))
                .description(what)
                .register(meters);
    }
}
