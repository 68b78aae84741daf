package io.gatefleet.runtime.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The cluster as one member sees it. A service that stands alone has none of these. */
record ClusterMeters(ClusterConfig config, Membership membership) {
    void bindTo(MeterRegistry meters) {
        Gauge.builder("gatefleet.cluster.size", config, ClusterConfig::size)
                .description("Members when all are there")
                .strongReference(true)
                .register(meters);
        Gauge.builder("gatefleet.cluster.members", membership, Membership::members)
                .description("Members that this one sees, itself included")
                .strongReference(true)
                .register(meters);
        Gauge.builder("gatefleet.cluster.majority", membership, seen -> seen.members() >= config.majority() ? 1 : 0)
                .description("1 while this member sees a majority, so that leases can be granted")
                .strongReference(true)
                .register(meters);
    }
}
