package io.gatefleet.registry;

import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryMetersTest {
    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void everyWordIsCountedByWhatBecameOfItAndNobodyIsNamed() throws TimeoutException {
        Lease lease = registry.join(Words.key("mill", "unmistakable"), 7);
        registry.join(Words.key("mill", "unmistakable"), 7);
        registry.register(Words.key("mill", "unmistakable"), Words.join(6));
        registry.heartbeat(Words.key("mill", "unmistakable"), Words.beat(lease, 1));
        registry.heartbeat(Words.key("mill", "unmistakable"), Words.beat(lease, 1));
        registry.heartbeat(MAIN, Words.beat(Words.lease(MAIN, 1, 1), 1));
        registry.allocator.refuseWith(new Refusal.Unavailable("The ledger", 1000));
        registry.heartbeat(Words.key("mill", "unmistakable"), Words.beat(lease, 2));
        registry.allocator.refuseWith(null);
        registry.goodbye(Words.key("mill", "unmistakable"), 7);
        registry.send(HttpMethod.PUT, RegistryUnderTest.path(MAIN), Buffer.buffer("{}"));

        String page = registry.get("/metrics").bodyAsString();

        assertThat(page)
                .contains(
                        "gatefleet_registrations_total{outcome=\"created\"} 1.0",
                        "gatefleet_registrations_total{outcome=\"repeated\"} 1.0",
                        "gatefleet_registrations_total{outcome=\"superseded\"} 1.0",
                        "gatefleet_heartbeats_total{outcome=\"ok\"} 1.0",
                        "gatefleet_heartbeats_total{outcome=\"late\"} 1.0",
                        "gatefleet_heartbeats_total{outcome=\"unknown-instance\"} 1.0",
                        "gatefleet_heartbeats_total{outcome=\"unavailable\"} 1.0",
                        "gatefleet_goodbyes_total{outcome=\"ok\"} 1.0",
                        "gatefleet_registry_request_seconds_count{operation=\"register\"} 3",
                        "gatefleet_registry_request_seconds_count{operation=\"heartbeat\"} 4",
                        "gatefleet_instances_present")
                .doesNotContain("unmistakable", "mill");
    }
}
