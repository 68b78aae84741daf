package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.Registration;
import io.gatefleet.registry.instance.Pacing;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fleet that may say ten words a second together. */
class PaceTest {
    private final RegistryUnderTest registry =
            new RegistryUnderTest(RegistryConfig.defaults().withPacing(new Pacing(Duration.ofMillis(100), 10)));

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void thePaceGrowsWithTheFleet() throws TimeoutException {
        assertThat(beatMillis()).isEqualTo(100);
        for (int i = 1; i < 10; i++) {
            registry.join(Words.key("mill", "g" + i), 1);
        }

        // The registry looks once a second who is there.
        await().atMost(Duration.ofSeconds(10)).until(() -> beatMillis() == 1000);
        assertThat(registry.get("/metrics").bodyAsString()).contains("gatefleet_instances_present 10.0");
    }

    private long beatMillis() throws TimeoutException {
        return RegistryUnderTest.read(registry.register(Words.MAIN, Words.join(1)), Registration.class)
                .pace()
                .beatMillis();
    }
}
