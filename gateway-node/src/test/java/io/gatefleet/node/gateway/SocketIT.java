package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.Flavor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The same on what is simulated and, where it is installed and asked for, on what is real. */
class SocketIT {
    /** Real programs are slow on a busy machine. */
    private static final GatewayConfig.Times PATIENT = new GatewayConfig.Times(
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));

    private static InstanceUnderTest simulated(Path in, Flavor flavor, String version) {
        GatewayConfig config = GatewayConfig.of(flavor).with(InstanceUnderTest.QUICK);
        return InstanceUnderTest.inManner(in, "main", config, version);
    }

    private static InstanceUnderTest real(Path in, Flavor flavor) {
        return new InstanceUnderTest(in, "main", GatewayConfig.of(flavor).with(PATIENT));
    }

    @Nested
    class SimulatedOpenClaw extends SocketContract {
        @Override
        InstanceUnderTest instance(Path in) {
            return simulated(in, Flavor.OPENCLAW, "2026.9.6");
        }

        @Override
        boolean namesItsLives() {
            return true;
        }
    }

    @Nested
    class SimulatedClawdbot extends SocketContract {
        @Override
        InstanceUnderTest instance(Path in) {
            return simulated(in, Flavor.CLAWDBOT, "2026.1.24-3");
        }

        @Override
        boolean namesItsLives() {
            return false;
        }
    }

    @Nested
    class SimulatedOmniClaw extends SocketContract {
        @Override
        InstanceUnderTest instance(Path in) {
            return simulated(in, Flavor.OMNICLAW, "2026.2.1");
        }

        @Override
        boolean namesItsLives() {
            return false;
        }
    }

    @Nested
    @Tag("real-gateways")
    class OpenClaw extends SocketContract {
        @Override
        InstanceUnderTest instance(Path in) {
            return real(in, Flavor.OPENCLAW);
        }

        @Override
        boolean namesItsLives() {
            return true;
        }
    }

    @Nested
    @Tag("real-gateways")
    class Clawdbot extends SocketContract {
        @Override
        InstanceUnderTest instance(Path in) {
            return real(in, Flavor.CLAWDBOT);
        }

        @Override
        boolean namesItsLives() {
            return false;
        }
    }
}
