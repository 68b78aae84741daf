package io.gatefleet.node;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GuardState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The node's meters, {@code gatefleet.node.*}. They carry no instance: one node is one target. */
final class NodeMeters {
    private final LongAdder beatsFailed = new LongAdder();
    private final LongAdder rangesBusy = new LongAdder();
    private final Supplier<NodeStatus> status;

    NodeMeters(Supplier<NodeStatus> status) {
        this.status = status;
    }

    /** Shows them, with what was counted before. */
    void bindTo(MeterRegistry meters) {
        gauge(
                meters,
                "guard.held",
                "1 while the guard of the whole lease is held",
                now -> now.guard() == GuardState.HELD ? 1 : 0);
        gauge(meters, "lease.base", "First port of the lease; 0 without one", now -> {
            var lease = now.lease();
            return lease == null ? 0 : lease.base();
        });
        gauge(
                meters,
                "registered",
                "1 while the control plane's last answer was that it knows where the node stands; 0 since it was silent",
                now -> now.registered() ? 1 : 0);
        gauge(meters, "gateway.up", "1 while a process of the gateway exists", now -> switch (now.gateway()
                .state()) {
            case STARTING, RUNNING, DRAINING, UNGUARDED -> 1;
            case STOPPED, EXITED, BACKOFF -> 0;
        });
        gauge(meters, "gateway.ready", "1 while the gateway takes work", now -> {
            GatewayReport.Probe probe = now.gateway().probe();
            return probe != null && probe.ready() ? 1 : 0;
        });
        gauge(meters, "gateway.restarts", "How often this node started its gateway again", now -> now.gateway()
                .restarts());
        gauge(meters, "gateway.resident.bytes", "Memory of the gateway's whole process tree", now -> {
            Long bytes = now.gateway().residentBytes();
            return bytes == null ? 0 : bytes;
        });
        gauge(meters, "resident.bytes", "Memory of the node's own process", NodeStatus::residentBytes);
        gauge(meters, "findings", "Troubles that the node sees now", now -> now.gateway()
                .findings()
                .size());
        FunctionCounter.builder("gatefleet.node.beats.failed", beatsFailed, LongAdder::sum)
                .description("Heartbeats that were refused or not answered")
                .register(meters);
        FunctionCounter.builder("gatefleet.node.ranges.busy", rangesBusy, LongAdder::sum)
                .description("Ranges that were tried and found busy")
                .register(meters);
    }

    void beatFailed() {
        beatsFailed.increment();
    }

    void rangeBusy() {
        rangesBusy.increment();
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<NodeStatus> value) {
        // By supplier: of any other object a gauge keeps a weak reference, and shows NaN once that is collected.
        Gauge.builder("gatefleet.node." + name, () -> value.applyAsDouble(status.get()))
                .description(what)
                .register(meters);
    }
}
