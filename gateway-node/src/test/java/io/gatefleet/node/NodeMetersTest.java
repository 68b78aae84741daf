package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NodeMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void gaugesStillTellAfterTheCollectorRan() {
        registerWithASupplierThatNobodyKeeps();
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        Awaitility.await().until(() -> {
            System.gc();
            return garbage.get() == null;
        });

        assertThat(meters.get("gatefleet.node.guard.held").gauge().value()).isZero();
        assertThat(meters.get("gatefleet.node.gateway.up").gauge().value()).isZero();
    }

    private void registerWithASupplierThatNobodyKeeps() {
        NodeStatus status = NodeStatus.begun();
        new NodeMeters(() -> status).bindTo(meters);
    }
}
